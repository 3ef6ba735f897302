<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Anatomy</name>
    <message>
        <source>liver</source>
        <translation>Leber</translation>
    </message>
    <message>
        <source>spleen</source>
        <translation>Milz</translation>
    </message>
    <message>
        <source>kidneys</source>
        <translation>Nieren</translation>
    </message>
    <message>
        <source>right kidney</source>
        <translation>rechte Niere</translation>
    </message>
    <message>
        <source>left kidney</source>
        <translation>linke Niere</translation>
    </message>
    <message>
        <source>gallbladder</source>
        <translation>Gallenblase</translation>
    </message>
    <message>
        <source>stomach</source>
        <translation>Magen</translation>
    </message>
    <message>
        <source>pancreas</source>
        <translation>Pankreas</translation>
    </message>
    <message>
        <source>adrenal glands</source>
        <translation>Nebennieren</translation>
    </message>
    <message>
        <source>right adrenal gland</source>
        <translation>rechte Nebenniere</translation>
    </message>
    <message>
        <source>left adrenal gland</source>
        <translation>linke Nebenniere</translation>
    </message>
    <message>
        <source>bowel</source>
        <translation>Darm</translation>
    </message>
    <message>
        <source>small bowel</source>
        <translation>Dünndarm</translation>
    </message>
    <message>
        <source>duodenum</source>
        <translation>Duodenum</translation>
    </message>
    <message>
        <source>colon</source>
        <translation>Kolon</translation>
    </message>
    <message>
        <source>esophagus</source>
        <translation>Ösophagus</translation>
    </message>
    <message>
        <source>urinary bladder</source>
        <translation>Harnblase</translation>
    </message>
    <message>
        <source>prostate</source>
        <translation>Prostata</translation>
    </message>
    <message>
        <source>uterus</source>
        <translation>Uterus</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>Herz</translation>
    </message>
    <message>
        <source>lungs</source>
        <translation>Lungen</translation>
    </message>
    <message>
        <source>right lung</source>
        <translation>rechte Lunge</translation>
    </message>
    <message>
        <source>left lung</source>
        <translation>linke Lunge</translation>
    </message>
    <message>
        <source>trachea</source>
        <translation>Trachea</translation>
    </message>
    <message>
        <source>thyroid gland</source>
        <translation>Schilddrüse</translation>
    </message>
    <message>
        <source>aorta</source>
        <translation>Aorta</translation>
    </message>
    <message>
        <source>inferior vena cava</source>
        <translation>Vena cava inferior</translation>
    </message>
    <message>
        <source>superior vena cava</source>
        <translation>Vena cava superior</translation>
    </message>
    <message>
        <source>portal vein</source>
        <translation>Pfortader</translation>
    </message>
    <message>
        <source>pulmonary artery</source>
        <translation>Pulmonalarterie</translation>
    </message>
    <message>
        <source>spine</source>
        <translation>Wirbelsäule</translation>
    </message>
    <message>
        <source>sacrum</source>
        <translation>Sakrum</translation>
    </message>
    <message>
        <source>ribs</source>
        <translation>Rippen</translation>
    </message>
    <message>
        <source>right rib</source>
        <translation>rechte Rippe</translation>
    </message>
    <message>
        <source>left rib</source>
        <translation>linke Rippe</translation>
    </message>
    <message>
        <source>sternum</source>
        <translation>Sternum</translation>
    </message>
    <message>
        <source>femurs</source>
        <translation>Femora</translation>
    </message>
    <message>
        <source>right femur</source>
        <translation>rechter Femur</translation>
    </message>
    <message>
        <source>left femur</source>
        <translation>linker Femur</translation>
    </message>
    <message>
        <source>hip bones</source>
        <translation>Hüftbeine</translation>
    </message>
    <message>
        <source>right hip bone</source>
        <translation>rechtes Hüftbein</translation>
    </message>
    <message>
        <source>left hip bone</source>
        <translation>linkes Hüftbein</translation>
    </message>
    <message>
        <source>iliopsoas muscles</source>
        <translation>Iliopsoas-Muskeln</translation>
    </message>
    <message>
        <source>right iliopsoas muscle</source>
        <translation>rechter Musculus iliopsoas</translation>
    </message>
    <message>
        <source>left iliopsoas muscle</source>
        <translation>linker Musculus iliopsoas</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>Knochen</translation>
    </message>
    <message>
        <source>muscle</source>
        <translation>Muskel</translation>
    </message>
    <message>
        <source>fat</source>
        <translation>Fett</translation>
    </message>
    <message>
        <source>skull</source>
        <translation>Schädel</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>Gehirn</translation>
    </message>
    <message>
        <source>brain tumour</source>
        <translation>Hirntumor</translation>
    </message>
    <message>
        <source>brain ventricles</source>
        <translation>Hirnventrikel</translation>
    </message>
    <message>
        <source>cerebellum</source>
        <translation>Kleinhirn</translation>
    </message>
    <message>
        <source>brainstem</source>
        <translation>Hirnstamm</translation>
    </message>
    <message>
        <source>spinal cord</source>
        <translation>Rückenmark</translation>
    </message>
</context>
<context>
    <name>AnswerPart</name>
    <message>
        <source>The other answers of the run.</source>
        <translation>Die übrigen Antworten des Laufs.</translation>
    </message>
    <message>
        <source>How far the answers can be trusted, and in which slices they were tested.</source>
        <translation>Wie weit den Antworten zu trauen ist und in welchen Schichten sie geprüft wurden.</translation>
    </message>
    <message>
        <source>What a reader of the result must know.</source>
        <translation>Was beim Lesen des Ergebnisses zu wissen ist.</translation>
    </message>
    <message>
        <source>Num&amp;bers</source>
        <translation>Zah&amp;len</translation>
    </message>
    <message>
        <source>What was measured, as numbers and curves.</source>
        <translation>Was gemessen wurde, als Zahlen und Kurven.</translation>
    </message>
    <message>
        <source>Numbers of the run</source>
        <translation>Zahlen des Laufs</translation>
    </message>
    <message>
        <source>What was measured in the whole scan and in each slice.</source>
        <translation>Was im ganzen Scan und in jeder Schicht gemessen wurde.</translation>
    </message>
    <message>
        <source>What the verdict rests on, as it was measured.</source>
        <translation>Worauf das Urteil beruht, wie es gemessen wurde.</translation>
    </message>
    <message>
        <source>C&amp;urves</source>
        <translation>K&amp;urven</translation>
    </message>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>Entfernungs- und Einfügekurven unter den Ansichten: der Messwert, während die Region in der Reihenfolge der Karte weggenommen oder zurückgegeben wird. Lösen stellt das eigene Layout wieder her.</translation>
    </message>
    <message>
        <source>Curves o&amp;f:</source>
        <translation>Kur&amp;ven von:</translation>
    </message>
    <message>
        <source>Of which structure, and with what the removed places were filled.</source>
        <translation>Von welcher Struktur, und womit die weggenommenen Stellen gefüllt wurden.</translation>
    </message>
</context>
<context>
    <name>AskPart</name>
    <message>
        <source>A&amp;sk:</source>
        <translation>Fra&amp;gen:</translation>
    </message>
    <message>
        <source>What is asked about the place under the mouse.</source>
        <translation>Was über die Stelle unter der Maus gefragt wird.</translation>
    </message>
    <message>
        <source>Whose drawing is asked about.</source>
        <translation>Nach wessen Einzeichnung gefragt wird.</translation>
    </message>
    <message>
        <source>Whose drawing</source>
        <translation>Wessen Einzeichnung</translation>
    </message>
    <message>
        <source>Follow the &amp;mouse</source>
        <translation>Der Ma&amp;us folgen</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view: each place is asked about, and the answer is shown as a map and a sentence. No model is run.</source>
        <translation>Fahren Sie mit der Maus über eine Schichtansicht: Nach jeder Stelle wird gefragt, und die Antwort erscheint als Karte und als Satz. Das Modell wird nicht ausgeführt.</translation>
    </message>
    <message>
        <source>Only with Shi&amp;ft held</source>
        <translation>Nur mit Umscha&amp;lttaste</translation>
    </message>
    <message>
        <source>The answer then stays until Shift is held over a view again.</source>
        <translation>Die Antwort bleibt dann stehen, bis die Umschalttaste wieder über einer Ansicht gehalten wird.</translation>
    </message>
    <message>
        <source>The answer. Its map lies over the scan.</source>
        <translation>Die Antwort. Ihre Karte liegt über dem Scan.</translation>
    </message>
    <message>
        <source>&amp;Back to the map</source>
        <translation>&amp;Zurück zur Karte</translation>
    </message>
    <message>
        <source>Take the answer away, and show the run's own map again.</source>
        <translation>Die Antwort wegnehmen und wieder die Karte des Laufs zeigen.</translation>
    </message>
    <message>
        <source>O&amp;r:</source>
        <translation>O&amp;der:</translation>
    </message>
    <message>
        <source>Islands, the boundary, what is missing or extra, and which organ needs which: choose a question to ask it.</source>
        <translation>Inseln, der Rand, was fehlt oder zu viel ist, und welches Organ welches braucht: Wählen Sie eine Frage, um sie zu stellen.</translation>
    </message>
    <message>
        <source>Each row was hidden, each column shows what was lost of it.</source>
        <translation>Jede Zeile wurde verdeckt, jede Spalte zeigt, was davon verloren ging.</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Zwischen Organen</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Balken</translation>
    </message>
    <message>
        <source>The same as bars under the views. Release to get your own layout back.</source>
        <translation>Dasselbe als Balken unter den Ansichten. Lösen stellt das eigene Layout wieder her.</translation>
    </message>
</context>
<context>
    <name>ComparePart</name>
    <message>
        <source>&amp;With:</source>
        <translation>&amp;Mit:</translation>
    </message>
    <message>
        <source>Another run on the same scan.</source>
        <translation>Ein anderer Lauf auf demselben Scan.</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Nebeneinander</translation>
    </message>
    <message>
        <source>Both maps on one scale, their difference and both predictions, in linked views. Release to get your own layout back.</source>
        <translation>Beide Karten auf einer Skala, ihre Differenz und beide Vorhersagen, in verknüpften Ansichten. Lösen stellt das eigene Layout wieder her.</translation>
    </message>
    <message>
        <source>In what the two runs differ.</source>
        <translation>Worin sich die beiden Läufe unterscheiden.</translation>
    </message>
    <message>
        <source>What the run that is chosen above says.</source>
        <translation>Was der oben gewählte Lauf sagt.</translation>
    </message>
    <message>
        <source>What the other run says.</source>
        <translation>Was der andere Lauf sagt.</translation>
    </message>
    <message>
        <source>S&amp;et otherwise</source>
        <translation>Abweichend e&amp;ingestellt</translation>
    </message>
    <message>
        <source>Settings in which the two runs differ.</source>
        <translation>Einstellungen, in denen sich die beiden Läufe unterscheiden.</translation>
    </message>
</context>
<context>
    <name>DisplayPart</name>
    <message>
        <source>Sho&amp;w:</source>
        <translation>&amp;Zeigen:</translation>
    </message>
    <message>
        <source>The saliency (0 to 1, one scale for all slices), or the drop of the score with its sign.</source>
        <translation>Die Salienz (0 bis 1, eine Skala für alle Schichten) oder der Abfall des Messwerts mit Vorzeichen.</translation>
    </message>
    <message>
        <source>&amp;Opacity:</source>
        <translation>&amp;Deckkraft:</translation>
    </message>
    <message>
        <source>Opacity of the saliency over the scan.</source>
        <translation>Deckkraft der Salienz über dem Scan.</translation>
    </message>
    <message>
        <source>&amp;Hide below:</source>
        <translation>A&amp;usblenden unter:</translation>
    </message>
    <message>
        <source>Saliency below this value is hidden, in the slices and in 3D.</source>
        <translation>Salienz unter diesem Wert wird ausgeblendet, in den Schichten und in 3D.</translation>
    </message>
    <message>
        <source>What is hidden, in the unit of the map: the colours have one scale for all slices of a run.</source>
        <translation>Was ausgeblendet ist, in der Einheit der Karte: Die Farben haben eine Skala für alle Schichten eines Laufs.</translation>
    </message>
    <message>
        <source>Co&amp;lor map:</source>
        <translation>Far&amp;btafel:</translation>
    </message>
    <message>
        <source>Colors of the saliency.</source>
        <translation>Farben der Salienz.</translation>
    </message>
    <message>
        <source>Le&amp;gend</source>
        <translation>&amp;Legende</translation>
    </message>
    <message>
        <source>Show the color legend in the views.</source>
        <translation>Die Farblegende in den Ansichten zeigen.</translation>
    </message>
    <message>
        <source>Per slice</source>
        <translation>Je Schicht</translation>
    </message>
    <message>
        <source>One scale of colors for each slice, to see what is weak; else one for all slices of the run, so that they can be compared.</source>
        <translation>Eine Farbskala je Schicht, um Schwaches zu sehen; sonst eine für alle Schichten des Laufs, damit sie vergleichbar sind.</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>this model has no structure</source>
        <translation>dieses Modell hat keine Struktur</translation>
    </message>
    <message>
        <source>it segments:</source>
        <translation>es segmentiert:</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>did you mean {names}? </source>
        <translation>meinten Sie {names}? </translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} und {count} weitere</translation>
    </message>
    <message>
        <source>the model failed on several images at once ({reason}); it was run on one at a time</source>
        <translation>das Modell scheiterte an mehreren Bildern zugleich ({reason}); es wurde auf eines nach dem anderen angewandt</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax)</source>
        <translation>(eine Sigmoid- oder Softmax-Funktion anwenden)</translation>
    </message>
    <message>
        <source>the model returned complex numbers; return probabilities in [0, 1]</source>
        <translation>das Modell gab komplexe Zahlen zurück; es soll Wahrscheinlichkeiten in [0, 1] geben</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for the unperturbed image; check its input</source>
        <translation>das Modell gab für das ungestörte Bild NaN oder unendliche Werte zurück; prüfen Sie seine Eingabe</translation>
    </message>
    <message>
        <source>instead of labels (leave out its argmax)</source>
        <translation>statt Labels (argmax weglassen)</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] {advice}</source>
        <translation>das Modell gab Werte von {low:.3g} bis {high:.3g} zurück; es soll Wahrscheinlichkeiten in [0, 1] geben {advice}</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax, or divide by the largest value there can be)</source>
        <translation>(eine Sigmoid- oder Softmax-Funktion anwenden, oder durch den größtmöglichen Wert teilen)</translation>
    </message>
    <message>
        <source>the model's maps are {shape} for an image {spatial}: they are taken to show the same field of view</source>
        <translation>die Karten des Modells sind {shape} für ein Bild {spatial}: Es wird angenommen, dass sie dasselbe Gesichtsfeld zeigen</translation>
    </message>
    <message>
        <source>the map's largest value is {value:.3g}, but a score between 0 and 1 can't change by more than 1: it is the error of too few samples for so many places; give more samples, or larger superpixels</source>
        <translation>der größte Wert der Karte ist {value:.3g}, doch ein Messwert zwischen 0 und 1 kann sich nicht um mehr als 1 ändern: Das ist der Fehler zu weniger Stichproben für so viele Stellen; nehmen Sie mehr Stichproben oder größere Superpixel</translation>
    </message>
    <message>
        <source>the reference is empty: there is no segmentation to explain</source>
        <translation>die Referenz ist leer: Es gibt keine Segmentierung zu erklären</translation>
    </message>
    <message>
        <source>the map is flat: no perturbation changed the score by more than 0.001; try smaller patches, another fill, LIME, or a soft score (soft_dice, confidence)</source>
        <translation>die Karte ist flach: Keine Störung hat den Messwert um mehr als 0.001 geändert; versuchen Sie kleinere Felder, eine andere Füllung, LIME oder einen weichen Messwert (soft_dice, confidence)</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>Null</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>local_mean</source>
        <translation>Mittelwert der Umgebung</translation>
    </message>
    <message>
        <source>blur</source>
        <translation>weichgezeichnetes Bild</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>inpaint</source>
        <translation>aus der Umgebung übermalt</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>image</source>
        <translation>eigenes Bild</translation>
    </message>
    <message>
        <source>{samples} samples are few for {count} superpixels, whose values are drawn towards each other for it: give at least {least}, or larger superpixels</source>
        <translation>{samples} Stichproben sind wenig für {count} Superpixel, deren Werte dadurch zueinander gezogen werden: Nehmen Sie mindestens {least} oder größere Superpixel</translation>
    </message>
    <message>
        <source>patch {patch} is below 32: single effects get noisy and the run takes longer</source>
        <translation>Feldgröße {patch} liegt unter 32: Einzelne Effekte werden verrauscht, und der Lauf dauert länger</translation>
    </message>
    <message>
        <source>stride {stride} is above half of patch {patch}: the map gets blocky</source>
        <translation>Schrittweite {stride} ist größer als die halbe Feldgröße {patch}: Die Karte wird blockig</translation>
    </message>
    <message>
        <source>the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop</source>
        <translation>der rohe RISE-Schätzer ist der mittlere Messwert unter den Masken, die ein Pixel behalten, kein Abfall</translation>
    </message>
    <message>
        <source>the model gives another answer each time it gets the same image (the score changed by {change:.3g}): something in it is random, such as dropout; the map holds that noise</source>
        <translation>das Modell antwortet auf dasselbe Bild jedes Mal anders (der Messwert änderte sich um {change:.3g}): Etwas darin ist zufällig, etwa Dropout; die Karte enthält dieses Rauschen</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for a perturbed image; choose another fill</source>
        <translation>das Modell gab für ein gestörtes Bild NaN oder unendliche Werte zurück; wählen Sie eine andere Füllung</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g} for a perturbed image; return probabilities in [0, 1] (apply a sigmoid or a softmax)</source>
        <translation>das Modell gab für ein gestörtes Bild Werte von {low:.3g} bis {high:.3g} zurück; es soll Wahrscheinlichkeiten in [0, 1] geben (eine Sigmoid- oder Softmax-Funktion anwenden)</translation>
    </message>
    <message>
        <source>the model's answer depends on what else is in the batch (the score changed by {change:.3g}), as with batch normalisation in training mode; the map then depends on the batch size: call model.eval(), or give batch_size=1</source>
        <translation>die Antwort des Modells hängt davon ab, was sonst im Stapel ist (der Messwert änderte sich um {change:.3g}), wie bei Batch-Normalisierung im Trainingsmodus; die Karte hängt dann von der Stapelgröße ab: model.eval() aufrufen oder batch_size=1 geben</translation>
    </message>
    <message>
        <source>every superpixel lies less than {share:.0%} in the region; all that meet it are used</source>
        <translation>jedes Superpixel liegt zu weniger als {share:.0%} in der Region; alle, die sie berühren, werden benutzt</translation>
    </message>
    <message>
        <source>the region holds only {count} superpixels; lower scale or min_size for a finer map</source>
        <translation>die Region enthält nur {count} Superpixel; kleineres scale oder min_size ergibt eine feinere Karte</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} were given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} nimmt {count} Bilder ({images}), und {given} wurden gegeben; geben Sie den Scan für das erste und --channel FILE für jedes weitere, in dieser Reihenfolge (in Python images=[…])</translation>
    </message>
    <message>
        <source>this needs a reference; give a mask or a label map of the scan</source>
        <translation>das braucht eine Referenz; geben Sie eine Maske oder Labelkarte des Scans</translation>
    </message>
    <message>
        <source>{model} takes one image, and {count} were given; leave out the other channels</source>
        <translation>{model} nimmt ein Bild, und {count} wurden gegeben; lassen Sie die anderen Kanäle weg</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} was given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} nimmt {count} Bilder ({images}), und {given} wurde gegeben; geben Sie den Scan für das erste und --channel FILE für jedes weitere, in dieser Reihenfolge (in Python images=[…])</translation>
    </message>
    <message>
        <source>the model {model} does not segment</source>
        <translation>das Modell {model} segmentiert nicht</translation>
    </message>
    <message>
        <source>{model} segments what a prompt points at, and the region {region} gives none: choose the region clip, a mask or a box, or give a prompt box or points</source>
        <translation>{model} segmentiert, worauf eine Vorgabe zeigt, und die Region {region} gibt keine: Wählen Sie die Region clip, eine Maske oder eine Box, oder geben Sie eine Box oder Punkte vor</translation>
    </message>
    <message>
        <source>it segments</source>
        <translation>es segmentiert</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}. On one MR scan that was kept from them {what} reached a Dice of {lowest:.2f}; other sequences may be worse</source>
        <translation>die mitgelieferten Modelle sind für CT des Abdomens gemacht; dieser Scan ist {modality}. In einem MR-Scan, den sie nicht kannten, war der Dice ({what}) {lowest:.2f}; bei anderen Sequenzen kann er schlechter sein</translation>
    </message>
    <message>
        <source>check that {file} is of this scan and of this structure</source>
        <translation>prüfen Sie, ob {file} zu diesem Scan und dieser Struktur gehört</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} und {second}</translation>
    </message>
    <message>
        <source>{ways}, or say what the scan is (--modality)</source>
        <translation>{ways}, oder sagen Sie, was der Scan ist (--modality)</translation>
    </message>
    <message>
        <source>nothing was computed: {reasons:; }; give {ways}, or go on with --anyway: the map then counts as not supported</source>
        <translation>nichts wurde berechnet: {reasons:; }; geben Sie {ways}, oder fahren Sie fort mit --anyway: Die Karte gilt dann als nicht gestützt</translation>
    </message>
    <message>
        <source>this scan</source>
        <translation>diesem Scan</translation>
    </message>
    <message>
        <source>these slices</source>
        <translation>diesen Schichten</translation>
    </message>
    <message>
        <source>no {structures} in {where}: presence {presence}, as the bundled models see it</source>
        <translation>in {where} nicht zu sehen: {structures}; Vorhandensein {presence} laut den mitgelieferten Modellen</translation>
    </message>
    <message>
        <source>probably no {structure} in {where}: presence {presence:.2f}</source>
        <translation>in {where} wahrscheinlich nicht zu sehen: {structure}; Vorhandensein {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}, where they are not to be asked for {structures}</source>
        <translation>die mitgelieferten Modelle sind für CT des Abdomens gemacht; dieser Scan ist {modality}, dort sind sie hiernach nicht zu fragen: {structures}</translation>
    </message>
    <message>
        <source>the prompts were learned on {learned}; this scan is {modality}</source>
        <translation>die Worte wurden an {learned} gelernt; dieser Scan ist {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned with {windows} window(s): use --vlm-windows {windows}</source>
        <translation>die Worte wurden mit {windows} Fenster(n) gelernt: --vlm-windows {windows} benutzen</translation>
    </message>
    <message>
        <source>the prompts were learned on images of {size} pixels: use --vlm-size {size}</source>
        <translation>die Worte wurden an Bildern von {size} Pixeln gelernt: --vlm-size {size} benutzen</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words</source>
        <translation>die Worte wurden für {known} gelernt: {others} mit einfachen Worten</translation>
    </message>
    <message>
        <source>if {file} has another numbering than the one that was assumed, name it: FILE:amos, or FILE:{name}=NUMBER</source>
        <translation>falls {file} eine andere Nummerierung hat als angenommen, nennen Sie sie: FILE:amos oder FILE:{name}=NUMBER</translation>
    </message>
    <message>
        <source>a model that was made for this scan (--model)</source>
        <translation>ein Modell, das für diesen Scan gemacht ist (--model)</translation>
    </message>
    <message>
        <source>another region (--region prediction, full, or a mask)</source>
        <translation>eine andere Region (--region prediction, die ganze Schicht oder eine Maske)</translation>
    </message>
    <message>
        <source>the model was trained on {trained}; this scan is {modality}</source>
        <translation>das Modell wurde an {trained} trainiert; dieser Scan ist {modality}</translation>
    </message>
    <message>
        <source>probably no {structure} in slices {slices}: presence at most {presence:.2f}</source>
        <translation>in den Schichten {slices} wahrscheinlich nicht zu sehen: {structure}; Vorhandensein höchstens {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}</source>
        <translation>die mitgelieferten Modelle sind für CT des Abdomens gemacht; dieser Scan ist {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words (did you mean {near}?)</source>
        <translation>die Worte wurden für {known} gelernt: {others} mit einfachen Worten (meinten Sie {near}?)</translation>
    </message>
    <message>
        <source>{word} is in no table of structures and is looked for as it stands{guess}</source>
        <translation>{word} steht in keiner Tabelle von Strukturen und wird gesucht, wie es dasteht{guess}</translation>
    </message>
    <message>
        <source>the body in these slices is only {width:.0f} mm wide: no abdomen of an adult, which the bundled models were made for; they name organs that are not there</source>
        <translation>der Körper ist in diesen Schichten nur {width:.0f} mm breit: kein Abdomen eines Erwachsenen, für das die mitgelieferten Modelle gemacht sind; sie nennen Organe, die nicht da sind</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>the words</source>
        <translation>Worte</translation>
    </message>
    <message>
        <source>the region holds nothing of the prediction of the {structure}; {advice}</source>
        <translation>{structure}: Die Region enthält nichts von der Vorhersage; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} does not meet the prediction anywhere; {advice}</source>
        <translation>{structure}: Die Referenz trifft die Vorhersage nirgends; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} has no prediction in its slices; {advice}</source>
        <translation>{structure}: In den Schichten der Referenz gibt es keine Vorhersage; {advice}</translation>
    </message>
    <message>
        <source>image {number}: {note}</source>
        <translation>Bild {number}: {note}</translation>
    </message>
    <message>
        <source>the point {x:g}, {y:g}, {z:g} lies outside the scan; give LPS mm inside it</source>
        <translation>der Punkt {x:g}, {y:g}, {z:g} liegt außerhalb des Scans; geben Sie LPS-mm darin an</translation>
    </message>
    <message>
        <source>the region 'prediction' needs a model; give region clip, a mask or a box</source>
        <translation>die Region „prediction“ braucht ein Modell; geben Sie die Region clip, eine Maske oder eine Box</translation>
    </message>
    <message>
        <source>slices {slices} lie outside the scan, which has slices 0 to {last} (range 0:{count})</source>
        <translation>die Schichten {slices} liegen außerhalb des Scans, der die Schichten 0 bis {last} hat (Bereich 0:{count})</translation>
    </message>
    <message>
        <source>; did you mean {word}?</source>
        <translation>; meinten Sie {word}?</translation>
    </message>
    <message>
        <source>the licence of {model} forbids commercial use: {licence}; if you may use it under that licence, accept it once with: xaiclip models check --accept-licence "{spec}" (in Python open_segmenter("{spec}", accept_licence=True)); that is remembered on this machine</source>
        <translation>die Lizenz von {model} verbietet kommerzielle Nutzung: {licence}; wenn Sie es unter dieser Lizenz nutzen dürfen, akzeptieren Sie sie einmal mit: xaiclip models check --accept-licence "{spec}" (in Python open_segmenter("{spec}", accept_licence=True)); das wird auf diesem Rechner gemerkt</translation>
    </message>
    <message>
        <source>{who} needs the Python package {package}; install it with: {how}</source>
        <translation>{who} braucht das Python-Paket {package}; installieren Sie es mit: {how}</translation>
    </message>
    <message>
        <source>nothing of {structure} is drawn in this image</source>
        <translation>{structure} ist in diesem Bild nicht eingezeichnet</translation>
    </message>
    <message>
        <source>nothing was hidden at that place: it lies outside the evaluated region; ask about a place inside it, or run again with a larger region</source>
        <translation>an dieser Stelle wurde nichts verdeckt: Sie liegt außerhalb der ausgewerteten Region; fragen Sie nach einer Stelle darin, oder erklären Sie noch einmal mit einer größeren Region</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first} oder {second}</translation>
    </message>
    <message>
        <source>a place outside the region matters {share:.0%} as much as the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>eine Stelle außerhalb der Region zählt {share:.0%} so viel wie die ganze Region: Nehmen Sie eine größere Region oder das ganze Bild (--region full), um sie zu sehen</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>dies sagt, wo das Organ ist, nicht warum (Rangkorrelation {value:.2f} mit einer Karte, die kein Modell braucht)</translation>
    </message>
    <message>
        <source>the map is flat (largest drop {drop:.4f})</source>
        <translation>die Karte ist flach (größter Abfall {drop:.4f})</translation>
    </message>
    <message>
        <source>values of the map reach {drop:.2f}, where no score can change by more than {most:g}</source>
        <translation>Werte der Karte reichen bis {drop:.2f}, obwohl sich kein Messwert um mehr als {most:g} ändern kann</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop, as large as the effect itself: take more samples</source>
        <translation>der Standardfehler ist {share:.0%} des größten Abfalls, so groß wie der Effekt selbst: Nehmen Sie mehr Stichproben</translation>
    </message>
    <message>
        <source>the region holds only {share:.0%} of what is explained</source>
        <translation>die Region enthält nur {share:.0%} dessen, was erklärt wird</translation>
    </message>
    <message>
        <source>the model does not find it: Dice {dice:.2f} of prediction and reference</source>
        <translation>das Modell findet sie nicht: Dice {dice:.2f} von Vorhersage und Referenz</translation>
    </message>
    <message>
        <source>filling the whole region changes the score by {change:.3f} only</source>
        <translation>die ganze Region zu verdecken ändert den Messwert nur um {change:.3f}</translation>
    </message>
    <message>
        <source>with random weights the map looks the same (rank correlation {value:.2f})</source>
        <translation>mit zufälligen Gewichten sieht die Karte gleich aus (Rangkorrelation {value:.2f})</translation>
    </message>
    <message>
        <source>a place outside the region matters {times:.1f} times the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>eine Stelle außerhalb der Region zählt {times:.1f}-mal so viel wie die ganze Region: Nehmen Sie eine größere Region oder das ganze Bild (--region full), um sie zu sehen</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model): the remote map and `xaiclip ask` show what the rest of it hangs on</source>
        <translation>dies sagt, wo das Organ ist, nicht warum (Rangkorrelation {value:.2f} mit einer Karte, die kein Modell braucht): Woran der Rest hängt, zeigen die Karte ohne das Verdeckte und `xaiclip ask`</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} when it is run again, {share:.0%} of the largest drop</source>
        <translation>der Messwert desselben Bildes ändert sich bei erneuter Auswertung um {change:.3g}, das sind {share:.0%} des größten Abfalls</translation>
    </message>
    <message>
        <source>the effects are small: the largest drop is {drop:.3f} of a score of {score:.2f}, so that the map has little to say</source>
        <translation>die Effekte sind klein: Der größte Abfall ist {drop:.3f} bei einem Messwert von {score:.2f}, sodass die Karte wenig sagt</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop</source>
        <translation>der Standardfehler ist {share:.0%} des größten Abfalls</translation>
    </message>
    <message>
        <source>{count} evaluations are few for a map</source>
        <translation>{count} Modellauswertungen sind wenig für eine Karte</translation>
    </message>
    <message>
        <source>the model finds it in part: Dice {dice:.2f} of prediction and reference</source>
        <translation>das Modell findet sie teilweise: Dice {dice:.2f} von Vorhersage und Referenz</translation>
    </message>
    <message>
        <source>not all tests were made: {reason}</source>
        <translation>nicht alle Prüfungen wurden gemacht: {reason}</translation>
    </message>
    <message>
        <source>the effects are small: filling the whole region changes a score of {score:.2f} by {change:.3f}</source>
        <translation>die Effekte sind klein: Die ganze Region zu verdecken ändert einen Messwert von {score:.2f} um {change:.3f}</translation>
    </message>
    <message>
        <source>little better than a random order: insertion − deletion {share:.0%} of the room</source>
        <translation>kaum besser als eine zufällige Reihenfolge: Einfügen − Entfernen {share:.0%} des Spielraums</translation>
    </message>
    <message>
        <source>another fill changes the score by {change:.3f} only: the map may be about the fill</source>
        <translation>eine andere Füllung ändert den Messwert nur um {change:.3f}: Die Karte handelt vielleicht von der Füllung</translation>
    </message>
    <message>
        <source>another fill gives another map (rank correlation {value:.2f})</source>
        <translation>eine andere Füllung ergibt eine andere Karte (Rangkorrelation {value:.2f})</translation>
    </message>
    <message>
        <source>another seed gives another map (rank correlation {value:.2f})</source>
        <translation>ein anderer Startwert ergibt eine andere Karte (Rangkorrelation {value:.2f})</translation>
    </message>
    <message>
        <source>inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says no more than the region does; smaller patches may</source>
        <translation>innerhalb der Region nicht besser als eine zufällige Reihenfolge (Einfügen − Entfernen {share:.0%} des Spielraums): Sie sagt nicht mehr als die Region; kleinere Felder vielleicht schon</translation>
    </message>
    <message>
        <source>a place outside the region matters more than the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>eine Stelle außerhalb der Region zählt mehr als die ganze Region: Nehmen Sie eine größere Region oder das ganze Bild (--region full), um sie zu sehen</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} beside others in its batch (--batch-size 1 avoids that), {share:.0%} of the largest drop</source>
        <translation>der Messwert desselben Bildes ändert sich neben anderen in seinem Stapel um {change:.3g} (--batch-size 1 vermeidet das), das sind {share:.0%} des größten Abfalls</translation>
    </message>
    <message>
        <source>random orders reach as much: {random:.0%} of the room, the map {share:.0%}</source>
        <translation>zufällige Reihenfolgen erreichen ebenso viel: {random:.0%} des Spielraums, die Karte {share:.0%}</translation>
    </message>
    <message>
        <source>no better than the bare region</source>
        <translation>nicht besser als die bloße Region</translation>
    </message>
    <message>
        <source>its order is no better than the organ's shape</source>
        <translation>ihre Reihenfolge ist nicht besser als die Form des Organs</translation>
    </message>
    <message>
        <source>the order does not hold under another fill</source>
        <translation>die Reihenfolge hält mit einer anderen Füllung nicht stand</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others} and {count} more): {reason}</source>
        <translation>Schicht {slice} (und weniger in {others} und {count} weiteren): {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room (random orders reached {random:.0%})</source>
        <translation>Einfügen − Entfernen {share:.0%} des Spielraums (zufällige Reihenfolgen erreichten {random:.0%})</translation>
    </message>
    <message>
        <source>tested on slices {slices}: {outcomes}</source>
        <translation>geprüft in den Schichten {slices}: {outcomes}</translation>
    </message>
    <message>
        <source>slice {slice}: {reason}</source>
        <translation>Schicht {slice}: {reason}</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others}): {reason}</source>
        <translation>Schicht {slice} (und weniger in {others}): {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room</source>
        <translation>Einfügen − Entfernen {share:.0%} des Spielraums</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room (random orders reached at most {random:.0%})</source>
        <translation>Einfügen − Entfernen mindestens {share:.0%} des Spielraums (zufällige Reihenfolgen erreichten höchstens {random:.0%})</translation>
    </message>
    <message>
        <source>tested on the volume at once</source>
        <translation>am ganzen Volumen geprüft</translation>
    </message>
    <message>
        <source>tested on slice {slice}</source>
        <translation>geprüft in Schicht {slice}</translation>
    </message>
    <message>
        <source>{count} of {total} strong</source>
        <translation>{count} von {total} gut gestützt</translation>
    </message>
    <message>
        <source>{count} of {total} weak</source>
        <translation>{count} von {total} schwach gestützt</translation>
    </message>
    <message>
        <source>{count} of {total} the organ's shape</source>
        <translation>{count} von {total} die Form des Organs</translation>
    </message>
    <message>
        <source>{count} of {total} not supported</source>
        <translation>{count} von {total} nicht gestützt</translation>
    </message>
    <message>
        <source>{count} of {total} not tested</source>
        <translation>{count} von {total} nicht geprüft</translation>
    </message>
    <message>
        <source>holds under another fill</source>
        <translation>hält mit einer anderen Füllung stand</translation>
    </message>
    <message>
        <source>of the places tried outside the region none matters more than {share:.0%} as much</source>
        <translation>keine der außerhalb der Region versuchten Stellen zählt mehr als {share:.0%} so viel</translation>
    </message>
    <message>
        <source>Dice {dice:.2f} of prediction and reference</source>
        <translation>Dice {dice:.2f} von Vorhersage und Referenz</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room</source>
        <translation>Einfügen − Entfernen mindestens {share:.0%} des Spielraums</translation>
    </message>
    <message>
        <source>nothing to test</source>
        <translation>nichts zu prüfen</translation>
    </message>
    <message>
        <source>{file} is none of the files that models come as ({kinds}), and no nnU-Net folder or MONAI bundle either; say what it is with FAMILY:PATH (see `xaiclip models`)</source>
        <translation>{file} ist keine der Dateien, als die Modelle kommen ({kinds}), und auch kein nnU-Net-Ordner oder MONAI-Bundle; sagen Sie mit FAMILY:PATH, was es ist (siehe `xaiclip models`)</translation>
    </message>
    <message>
        <source>there is no file or folder {path}; give the path of a model on this machine</source>
        <translation>es gibt keine Datei und keinen Ordner {path}; geben Sie den Pfad eines Modells auf diesem Rechner</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>eine Segmentierung</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>{file} is {kind}, not a model: it can't be run on a perturbed scan. A segmentation can be the reference (--reference FILE) or the region (--region FILE); give a model to explain as --model</source>
        <translation>{file} ist {kind}, kein Modell: Auf einem gestörten Scan kann es nicht ausgeführt werden. Eine Segmentierung kann die Referenz sein (--reference FILE) oder die Region (--region FILE); das zu erklärende Modell gehört zu --model</translation>
    </message>
    <message>
        <source>{file} is an archive; unpack it, and give the folder or the file that comes out</source>
        <translation>{file} ist ein Archiv; entpacken Sie es, und geben Sie den Ordner oder die Datei darin</translation>
    </message>
    <message>
        <source>the model was in training mode (dropout, batch normalisation): it was put into evaluation mode for this run; call model.eval() to have it so everywhere</source>
        <translation>das Modell war im Trainingsmodus (Dropout, Batch-Normalisierung): Es wurde für diesen Lauf in den Auswertungsmodus gesetzt; model.eval() setzt es überall so</translation>
    </message>
    <message>
        <source>there is no model {model}; give one of {families} (see `xaiclip models`){hint}</source>
        <translation>es gibt kein Modell {model}; geben Sie eines von {families} (siehe `xaiclip models`){hint}</translation>
    </message>
    <message>
        <source>there is no model {model}: no such file or folder here, and no family of that name{hint}</source>
        <translation>es gibt kein Modell {model}: keine solche Datei, kein solcher Ordner und keine Familie dieses Namens{hint}</translation>
    </message>
    <message>
        <source>{name} can't be opened as {family} ({reason}): it is damaged, or made by another version; get it again, or export it again</source>
        <translation>{name} kann nicht als {family} geöffnet werden ({reason}): Es ist beschädigt oder von einer anderen Version; beschaffen oder exportieren Sie es erneut</translation>
    </message>
    <message>
        <source>{name} does not fit in the memory of {device}; choose another device</source>
        <translation>{name} passt nicht in den Speicher von {device}; wählen Sie ein anderes Gerät</translation>
    </message>
    <message>
        <source>{name} can't be opened: its code raised {reason}; mend it</source>
        <translation>{name} kann nicht geöffnet werden: Sein Code meldete {reason}; beheben Sie das</translation>
    </message>
    <message>
        <source>{file} can't be looked into ({reason}); check the file or folder</source>
        <translation>{file} kann nicht angesehen werden ({reason}); prüfen Sie Datei oder Ordner</translation>
    </message>
    <message>
        <source>the mask lies on another grid than the scan; resample it to the scan first</source>
        <translation>die Maske liegt auf einem anderen Gitter als der Scan; tasten Sie sie zuerst auf den Scan um</translation>
    </message>
    <message>
        <source>the mask is empty, so that there is nothing to compare; draw something in it</source>
        <translation>die Maske ist leer, sodass es nichts zu vergleichen gibt; zeichnen Sie etwas hinein</translation>
    </message>
    <message>
        <source>comparing in slice {slice}</source>
        <translation>Vergleich in Schicht {slice}</translation>
    </message>
    <message>
        <source>{place} in slice {slice}</source>
        <translation>{place} in Schicht {slice}</translation>
    </message>
    <message>
        <source>{place}, near the {structure}</source>
        <translation>{place}, nahe: {structure}</translation>
    </message>
    <message>
        <source>inside it</source>
        <translation>innerhalb davon</translation>
    </message>
    <message>
        <source>LPS {point} mm</source>
        <translation>LPS {point} mm</translation>
    </message>
    <message>
        <source>{place} in slice {slice} ({point})</source>
        <translation>{place} in Schicht {slice} ({point})</translation>
    </message>
    <message>
        <source>, without what is hidden itself</source>
        <translation>, ohne das Verdeckte selbst</translation>
    </message>
    <message>
        <source>, of what is hidden itself alone</source>
        <translation>, allein vom Verdeckten selbst</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average.</source>
        <translation>{structure}: Eine Stelle mit {place} zu verdecken nimmt im Mittel {amount:.1f} ml weg.</translation>
    </message>
    <message>
        <source>what lies within {mm:g} mm of {point}</source>
        <translation>allem im Umkreis von {mm:g} mm um {point}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} in {file}</source>
        <translation>{structure}, was davon in {file} eingezeichnet ist</translation>
    </message>
    <message>
        <source>Island {number} of the {structure}</source>
        <translation>{structure}, Insel {number}</translation>
    </message>
    <message>
        <source>at {point} in slice {slice}</source>
        <translation>bei {point} in Schicht {slice}</translation>
    </message>
    <message>
        <source>{drawn} is held back most by what lies {place}: hiding a place there brings back {share:.0%} of it{counted}.</source>
        <translation>{drawn}: wird am meisten von dem zurückgehalten, was {place} liegt; eine Stelle dort zu verdecken bringt {share:.0%} davon zurück{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{drawn}: hängt von keiner Stelle ab; eine zu verdecken nimmt höchstens {share:.1%} davon weg{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{drawn}: hängt am meisten von dem ab, was {place} liegt; eine Stelle dort zu verdecken nimmt {share:.0%} davon weg{counted}.</translation>
    </message>
    <message>
        <source>Hiding a place {place} adds {share:.0%} instead.</source>
        <translation>Eine Stelle zu verdecken, die {place} liegt, fügt dagegen {share:.0%} hinzu.</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average, and adds {gained:.1f} ml elsewhere.</source>
        <translation>{structure}: Eine Stelle mit {place} zu verdecken nimmt im Mittel {amount:.1f} ml weg und fügt anderswo {gained:.1f} ml hinzu.</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} there</source>
        <translation>{structure}, was davon dort eingezeichnet ist</translation>
    </message>
    <message>
        <source>a part of {file}</source>
        <translation>einem Teil von {file}</translation>
    </message>
    <message>
        <source>a part of island {number}</source>
        <translation>einem Teil der Insel {number}</translation>
    </message>
    <message>
        <source>{part} needs a reference, which this run had none of; ask about a mask or a point</source>
        <translation>{part} braucht eine Referenz, die dieser Lauf nicht hatte; fragen Sie nach einer Maske oder einem Punkt</translation>
    </message>
    <message>
        <source>nothing is {part} in this run; ask about a mask or a point</source>
        <translation>in diesem Lauf ist nichts davon da ({part}); fragen Sie nach einer Maske oder einem Punkt</translation>
    </message>
    <message>
        <source>{drawn} is held back by no place: hiding one brings back {share:.1%} of it at most.</source>
        <translation>{drawn}: wird von keiner Stelle zurückgehalten; eine zu verdecken bringt höchstens {share:.1%} davon zurück.</translation>
    </message>
    <message>
        <source>this run does not explain</source>
        <translation>dieser Lauf erklärt nicht</translation>
    </message>
    <message>
        <source>it explains</source>
        <translation>er erklärt</translation>
    </message>
    <message>
        <source>The {structure} as it is drawn</source>
        <translation>{structure}, alles Eingezeichnete</translation>
    </message>
    <message>
        <source>a part of the {structure} as it is drawn</source>
        <translation>einem Teil der Einzeichnung ({structure})</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} inside the reference</source>
        <translation>{structure}, was davon innerhalb der Referenz eingezeichnet ist</translation>
    </message>
    <message>
        <source>a part of the reference</source>
        <translation>einem Teil der Referenz</translation>
    </message>
    <message>
        <source>The missing part of the {structure}</source>
        <translation>{structure}, der fehlende Teil</translation>
    </message>
    <message>
        <source>a part of what is missing</source>
        <translation>einem Teil des Fehlenden</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} outside the reference</source>
        <translation>{structure}, was davon außerhalb der Referenz eingezeichnet ist</translation>
    </message>
    <message>
        <source>a part of what is drawn outside the reference</source>
        <translation>einem Teil dessen, was außerhalb der Referenz eingezeichnet ist</translation>
    </message>
    <message>
        <source>The edge of the {structure} ({mm:g} mm to either side)</source>
        <translation>{structure}, der Rand ({mm:g} mm nach beiden Seiten)</translation>
    </message>
    <message>
        <source>a part of the edge</source>
        <translation>einem Teil des Randes</translation>
    </message>
    <message>
        <source>there is no island {number} in the prediction; it has {count}</source>
        <translation>in der Vorhersage gibt es keine Insel {number}; sie hat {count}</translation>
    </message>
    <message>
        <source>The {structure} here depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{structure}: hängt hier am meisten von dem ab, was {place} liegt; eine Stelle dort zu verdecken nimmt {share:.0%} davon weg{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice ({share:.0%}){more}.</source>
        <translation>{structure}: Diese Stelle zu verdecken nimmt in dieser Schicht {amount:.1f} {unit} weg ({share:.0%}){more}.</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here; hiding what lies {place} would draw {share:.0%} of it.</source>
        <translation>{structure}: hier nicht eingezeichnet; zu verdecken, was {place} liegt, würde {share:.0%} davon einzeichnen.</translation>
    </message>
    <message>
        <source>The {structure} here depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{structure}: hängt hier von keiner Stelle ab; eine zu verdecken nimmt höchstens {share:.1%} davon weg{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure} in this slice.</source>
        <translation>{structure}: Diese Stelle zu verdecken ändert in dieser Schicht nichts.</translation>
    </message>
    <message>
        <source>, and adds {amount:.1f} {unit}</source>
        <translation>, und fügt {amount:.1f} {unit} hinzu</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure}{more}.</source>
        <translation>{structure}: Diese Stelle zu verdecken nimmt {amount:.1f} {unit} weg{more}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice{more}.</source>
        <translation>{structure}: Diese Stelle zu verdecken nimmt in dieser Schicht {amount:.1f} {unit} weg{more}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure}.</source>
        <translation>{structure}: Diese Stelle zu verdecken ändert nichts.</translation>
    </message>
    <message>
        <source>the point {point} lies outside the scan; ask about a place inside it</source>
        <translation>der Punkt {point} liegt außerhalb des Scans; fragen Sie nach einer Stelle darin</translation>
    </message>
    <message>
        <source>slice {slice} was not explained; slices {slices} were</source>
        <translation>Schicht {slice} wurde nicht erklärt; erklärt sind {slices}</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here, and hiding no place changes that.</source>
        <translation>{structure}: hier nicht eingezeichnet, und keine Stelle zu verdecken ändert das.</translation>
    </message>
    <message>
        <source>slices {slices}: {reason}</source>
        <translation>Schichten {slices}: {reason}</translation>
    </message>
    <message>
        <source>found in no explained slice: {structures}</source>
        <translation>in keiner erklärten Schicht gefunden: {structures}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slice {slices}</source>
        <translation>{structure}: {count} von {total} Karten sind flach, Schicht {slices}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slices {slices}</source>
        <translation>{structure}: {count} von {total} Karten sind flach, Schichten {slices}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in opposite orders ({value:.2f}; 1 is the same, −1 is reversed).</source>
        <translation>{structure}: Die beiden Karten ordnen die Stellen entgegengesetzt ({value:.2f}; 1 ist gleich, −1 umgekehrt).</translation>
    </message>
    <message>
        <source>in slice {slice}</source>
        <translation>in Schicht {slice}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in nearly the same order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: Die beiden Karten ordnen die Stellen fast gleich ({value:.2f}; 1 ist gleich, 0 ohne Zusammenhang).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in a similar order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: Die beiden Karten ordnen die Stellen ähnlich ({value:.2f}; 1 ist gleich, 0 ohne Zusammenhang).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in unrelated orders ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: Die beiden Karten ordnen die Stellen ohne Zusammenhang ({value:.2f}; 1 ist gleich, 0 ohne Zusammenhang).</translation>
    </message>
    <message>
        <source>the two runs are of different scans, or of one that was resampled or moved between them ({first} and {second} voxels); choose two runs of one scan</source>
        <translation>die beiden Läufe gehören zu verschiedenen Scans, oder zu einem, der dazwischen neu abgetastet oder verschoben wurde ({first} und {second} Voxel); wählen Sie zwei Läufe auf einem Scan</translation>
    </message>
    <message>
        <source>the two runs share no slice: {first} and {second}; explain the same ones</source>
        <translation>die beiden Läufe haben keine gemeinsame Schicht: {first} und {second}; erklären Sie dieselben</translation>
    </message>
    <message>
        <source>the two runs share no structure: {first}; {second}. Choose two runs of one structure</source>
        <translation>die beiden Läufe haben keine gemeinsame Struktur: {first}; {second}. Wählen Sie zwei Läufe zu einer Struktur</translation>
    </message>
    <message>
        <source>Of the two maps of the {structure} one is flat.</source>
        <translation>{structure}: Eine der beiden Karten ist flach.</translation>
    </message>
    <message>
        <source>The maps nowhere differ by much.</source>
        <translation>Die Karten unterscheiden sich nirgends nennenswert.</translation>
    </message>
    <message>
        <source>Dice of the two predictions: {dice:.2f}.</source>
        <translation>Dice der beiden Vorhersagen: {dice:.2f}.</translation>
    </message>
    <message>
        <source>In {share:.1%} of the places they differ by more than the samples of both explain (5% would by chance).</source>
        <translation>An {share:.1%} der Stellen unterscheiden sie sich um mehr, als die Stichproben beider erklären (5% wären Zufall).</translation>
    </message>
    <message>
        <source>not both runs explain</source>
        <translation>nicht beide Läufe erklären</translation>
    </message>
    <message>
        <source>both explain</source>
        <translation>beide erklären</translation>
    </message>
    <message>
        <source>They differ most {place}: a drop of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Am meisten unterscheiden sie sich {place}: Abfall {first:.2f} im ersten, {second:.2f} im zweiten.</translation>
    </message>
    <message>
        <source>They differ most {place}: a share of its own largest value of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Am meisten unterscheiden sie sich {place}: Anteil am eigenen größten Wert {first:.2f} im ersten, {second:.2f} im zweiten.</translation>
    </message>
    <message>
        <source>{count} tiles, one of which takes {each}: about {time} for the model's own prediction</source>
        <translation>{count} Kacheln, von denen eine {each} dauert: etwa {time} für die Vorhersage des Modells selbst</translation>
    </message>
    <message>
        <source>{way} and {other} its middle</source>
        <translation>{way} und {other} als die Mitte</translation>
    </message>
    <message>
        <source>{way} and {other} this place</source>
        <translation>{way} und {other} als diese Stelle</translation>
    </message>
    <message>
        <source>at its middle</source>
        <translation>in der Mitte</translation>
    </message>
    <message>
        <source>{way} its middle</source>
        <translation>{way} als die Mitte</translation>
    </message>
    <message>
        <source>at this place</source>
        <translation>an dieser Stelle</translation>
    </message>
    <message>
        <source>{way} this place</source>
        <translation>{way} als diese Stelle</translation>
    </message>
    <message>
        <source>{way} and {other} the middle of the {structure}</source>
        <translation>{way} und {other} als die Mitte ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm left of</source>
        <translation>{mm:.0f} mm weiter links</translation>
    </message>
    <message>
        <source>{mm:.0f} mm right of</source>
        <translation>{mm:.0f} mm weiter rechts</translation>
    </message>
    <message>
        <source>at the middle of the {structure}</source>
        <translation>in der Mitte ({structure})</translation>
    </message>
    <message>
        <source>{way} the middle of the {structure}</source>
        <translation>{way} als die Mitte ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm above</source>
        <translation>{mm:.0f} mm weiter oben</translation>
    </message>
    <message>
        <source>{mm:.0f} mm below</source>
        <translation>{mm:.0f} mm weiter unten</translation>
    </message>
    <message>
        <source>{mm:.0f} mm behind</source>
        <translation>{mm:.0f} mm weiter hinten</translation>
    </message>
    <message>
        <source>{mm:.0f} mm in front of</source>
        <translation>{mm:.0f} mm weiter vorn</translation>
    </message>
    <message>
        <source>the evidence was switched off</source>
        <translation>die Prüfung war ausgeschaltet</translation>
    </message>
    <message>
        <source>stopped by the user</source>
        <translation>vom Benutzer angehalten</translation>
    </message>
    <message>
        <source>a test failed: {error}</source>
        <translation>eine Prüfung scheiterte: {error}</translation>
    </message>
    <message>
        <source>the map of {what} is coarse: it was stopped by the user after {count} evaluations</source>
        <translation>die Karte ist grob ({what}): Sie wurde vom Benutzer nach {count} Modellauswertungen angehalten</translation>
    </message>
    <message>
        <source>no slice could be explained: {reasons:; }. Name another structure, region or slices (the model is {model}, the scan is {modality})</source>
        <translation>keine Schicht konnte erklärt werden: {reasons:; }. Nennen Sie eine andere Struktur, Region oder andere Schichten (das Modell ist {model}, der Scan ist {modality})</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>Prüfung der Karten</translation>
    </message>
    <message>
        <source>stopped by the user after {count} of {total} slices</source>
        <translation>vom Benutzer nach {count} von {total} Schichten angehalten</translation>
    </message>
    <message>
        <source>what each image of {what} does is not complete: it was stopped by the user</source>
        <translation>was jedes Bild bewirkt, ist nicht vollständig ({what}): vom Benutzer angehalten</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>Messung</translation>
    </message>
    <message>
        <source>the model took too long</source>
        <translation>das Modell brauchte zu lange</translation>
    </message>
    <message>
        <source>the volume</source>
        <translation>das Volumen</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>Schicht {slice}</translation>
    </message>
    <message>
        <source>ended after {count} of {total} slices: {error}</source>
        <translation>nach {count} von {total} Schichten beendet: {error}</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean, or say --modality CT if it is one</source>
        <translation>die Füllung {fill} ist eine CT-Zahl; {what} ist {modality}: Wählen Sie blur oder mean, oder sagen Sie --modality CT, wenn es eines ist</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean</source>
        <translation>die Füllung {fill} ist eine CT-Zahl; {what} ist {modality}: Wählen Sie blur oder mean</translation>
    </message>
    <message>
        <source>what each image is worth is computed exactly for {most} at most; here are {count}</source>
        <translation>was jedes Bild wert ist, wird für höchstens {most} genau berechnet; hier sind es {count}</translation>
    </message>
    <message>
        <source>{count} labelled slices hold it; label at least {least}</source>
        <translation>{count} annotierte Schichten enthalten sie; annotieren Sie mindestens {least}</translation>
    </message>
    <message>
        <source>{count} shots are too few; give at least {least}, such as 8</source>
        <translation>{count} Schichten sind zu wenig; geben Sie mindestens {least}, etwa 8</translation>
    </message>
    <message>
        <source>there are no labels to learn from; give a mask or a label map of the scan</source>
        <translation>es gibt keine Annotationen, aus denen gelernt werden kann; geben Sie eine Maske oder Labelkarte des Scans</translation>
    </message>
    <message>
        <source>{structure}: no labelled slice is left to measure on; label more than {least}</source>
        <translation>{structure}: Keine annotierte Schicht bleibt zum Messen; annotieren Sie mehr als {least}</translation>
    </message>
    <message>
        <source>{structure}: only {count} labelled slices hold it, and all are used as shots</source>
        <translation>{structure}: Nur {count} annotierte Schichten enthalten sie, und alle werden zum Lernen benutzt</translation>
    </message>
    <message>
        <source>{structure}: no slice is known to be without it, so that nothing is learned of other levels</source>
        <translation>{structure}: Von keiner Schicht ist bekannt, dass sie sie nicht enthält, sodass über andere Höhen nichts gelernt wird</translation>
    </message>
    <message>
        <source>{structure}: learned prompts are no better than its words ({learned:.3f}, {plain:.3f})</source>
        <translation>{structure}: Gelernte Worte sind nicht besser als die einfachen ({learned:.3f}, {plain:.3f})</translation>
    </message>
    <message>
        <source>{structure} in the slices {slices}: {error}</source>
        <translation>{structure} in den Schichten {slices}: {error}</translation>
    </message>
    <message>
        <source>not compared with a prediction: {error}</source>
        <translation>nicht mit einer Vorhersage verglichen: {error}</translation>
    </message>
    <message>
        <source>the reference holds none of the structures</source>
        <translation>die Referenz enthält keine der Strukturen</translation>
    </message>
    <message>
        <source>the model finds none of the structures</source>
        <translation>das Modell findet keine der Strukturen</translation>
    </message>
    <message>
        <source>the reference holds no more than {area:g} mm2 of the structures</source>
        <translation>die Referenz enthält nicht mehr als {area:g} mm² der Strukturen</translation>
    </message>
    <message>
        <source>the model finds no more than {area:g} mm2 of the structures</source>
        <translation>das Modell findet nicht mehr als {area:g} mm² der Strukturen</translation>
    </message>
    <message>
        <source>the slices that hold at least a tenth of that were explained; stray pixels look like this as well</source>
        <translation>erklärt wurden die Schichten, die mindestens ein Zehntel davon enthalten; verstreute Pixel sehen auch so aus</translation>
    </message>
    <message>
        <source>to explain it, name its slices: slices {slice}, or {range}</source>
        <translation>um sie zu erklären, nennen Sie ihre Schichten: {slice} oder {range}</translation>
    </message>
    <message>
        <source>{structure}: the prediction is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}: Die Vorhersage ist in keiner Schicht größer als {area:.3g} mm², und automatisch gewählt werden Schichten ab {least:g} mm²; {advice}</translation>
    </message>
    <message>
        <source>{structure}: the reference is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}: Die Referenz ist in keiner Schicht größer als {area:.3g} mm², und automatisch gewählt werden Schichten ab {least:g} mm²; {advice}</translation>
    </message>
    <message>
        <source>first run of the model, on {size} voxels ({millions:.1f} million)</source>
        <translation>erste Auswertung des Modells, auf {size} Voxeln ({millions:.1f} Millionen)</translation>
    </message>
    <message>
        <source>{said}, {least:.1f} GB of memory at least</source>
        <translation>{said}, mindestens {least:.1f} GB Speicher</translation>
    </message>
    <message>
        <source>preparing the volume</source>
        <translation>das Volumen wird vorbereitet</translation>
    </message>
    <message>
        <source>{done} of {total} evaluations</source>
        <translation>{done} von {total} Modellauswertungen</translation>
    </message>
    <message>
        <source>{model} gets {size} voxels at once and needs {least:.1f} GB of memory at least for each evaluation; {free:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop or resample the scan, or use a machine with more memory</source>
        <translation>{model} bekommt {size} Voxel auf einmal und braucht für jede Auswertung mindestens {least:.1f} GB Speicher; {free:.1f} GB sind frei. Geben Sie in seiner Begleitdatei größere Voxel oder eine kleinere Größe an, beschneiden Sie den Scan oder tasten Sie ihn gröber ab, oder nutzen Sie einen Rechner mit mehr Speicher</translation>
    </message>
    <message>
        <source>the {source} region is thinner than a voxel of the model</source>
        <translation>die Region ist dünner als ein Voxel des Modells ({source})</translation>
    </message>
    <message>
        <source>{file} in {folder} is damaged ({reason}); run it again, or get the folder again</source>
        <translation>{file} in {folder} ist beschädigt ({reason}); erklären Sie noch einmal, oder beschaffen Sie den Ordner erneut</translation>
    </message>
    <message>
        <source>{folder} holds no explanation ({reason}); give the folder of a finished run</source>
        <translation>{folder} enthält keine Erklärung ({reason}); geben Sie den Ordner eines beendeten Laufs</translation>
    </message>
    <message>
        <source>with the fill {fill} on slices {slices}</source>
        <translation>mit der Füllung {fill} in den Schichten {slices}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slices {slices} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>in jener Schicht nicht geprüft; in den Schichten {slices} nimmt die dort wichtigste Stelle mit der Füllung {fill} bis zu {share:.0%} weg</translation>
    </message>
    <message>
        <source>hiding it takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>sie zu verdecken nimmt mit der Füllung {fill} {share:.1%} des Rests weg, mit {other_fill} {other_share:.1%}</translation>
    </message>
    <message>
        <source>Whether one place matters for the rest of the {structure} cannot be told</source>
        <translation>{structure}: Ob eine Stelle für den Rest zählt, lässt sich nicht sagen</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding it takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}: Die Stelle, die für den Rest am meisten zählt, liegt {place}; sie zu verdecken nimmt {share:.0%} des nicht Verdeckten weg</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: 1 other structure</source>
        <translation>mit der Füllung {fill} verdeckt: 1 andere Struktur</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}, the {third} {third_share:.0%}</source>
        <translation>{structure}: braucht andere Strukturen; ohne {other} gehen {share:.0%} davon, ohne {second} {second_share:.0%}, ohne {third} {third_share:.0%}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} without being seen lies mostly {place}</source>
        <translation>{structure}: Was eingezeichnet wird, ohne gesehen zu werden, liegt meist {place}</translation>
    </message>
    <message>
        <source>the same run on a model that only loses what is hidden</source>
        <translation>derselbe Lauf an einem Modell, das nur verliert, was verdeckt ist</translation>
    </message>
    <message>
        <source>The map of the drop is more than the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}: Die Karte des Abfalls ist mehr als die Form (Rangkorrelation {value:.2f} mit einer Karte, die kein Modell braucht)</translation>
    </message>
    <message>
        <source>with the fill {fill}</source>
        <translation>mit der Füllung {fill}</translation>
    </message>
    <message>
        <source>with the fill {fill} on slice {slice}</source>
        <translation>mit der Füllung {fill} in Schicht {slice}</translation>
    </message>
    <message>
        <source>not tested under another fill</source>
        <translation>nicht mit einer anderen Füllung geprüft</translation>
    </message>
    <message>
        <source>{share:.0%} still drawn {where}</source>
        <translation>{share:.0%} noch eingezeichnet {where}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from what is there: where it is hidden, {share:.0%} of it goes</source>
        <translation>{structure}: wird nach dem eingezeichnet, was dort zu sehen ist; wo verdeckt wird, gehen {share:.0%} davon</translation>
    </message>
    <message>
        <source>the same place takes away {share:.0%} with the fill {fill}</source>
        <translation>dieselbe Stelle nimmt mit der Füllung {fill} {share:.0%} weg</translation>
    </message>
    <message>
        <source>not tested in that slice; the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>in jener Schicht nicht geprüft; die dort wichtigste Stelle nimmt mit der Füllung {fill} bis zu {share:.0%} weg</translation>
    </message>
    <message>
        <source>not tested in that slice; on slice {slice} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>in jener Schicht nicht geprüft; in Schicht {slice} nimmt die dort wichtigste Stelle mit der Füllung {fill} bis zu {share:.0%} weg</translation>
    </message>
    <message>
        <source>No place matters for the rest of the {structure}: hiding one takes away {share:.1%} of the rest at most</source>
        <translation>{structure}: Keine Stelle zählt für den Rest; eine zu verdecken nimmt höchstens {share:.1%} des Rests weg</translation>
    </message>
    <message>
        <source>Which place matters most for the rest of the {structure} cannot be told</source>
        <translation>{structure}: Welche Stelle für den Rest am meisten zählt, lässt sich nicht sagen</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>eine zu verdecken nimmt mit der Füllung {fill} {share:.1%} des Rests weg, mit {other_fill} {other_share:.1%}</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding a place of {size:.0f} mm there takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}: Die Stelle, die für den Rest am meisten zählt, liegt {place}; eine Stelle von {size:.0f} mm dort zu verdecken nimmt {share:.0%} des nicht Verdeckten weg</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: {count} other structures one at a time</source>
        <translation>mit der Füllung {fill} verdeckt: {count} andere Strukturen, eine nach der anderen</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it</source>
        <translation>{structure}: braucht keine andere Struktur; ohne {other} gehen {share:.1%} davon</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it</source>
        <translation>{structure}: braucht andere Strukturen; ohne {other} gehen {share:.0%} davon</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}</source>
        <translation>{structure}: braucht andere Strukturen; ohne {other} gehen {share:.0%} davon, ohne {second} {second_share:.0%}</translation>
    </message>
    <message>
        <source>The map of the drop is the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model): it says where it is, not why</source>
        <translation>{structure}: Die Karte des Abfalls ist die Form (Rangkorrelation {value:.2f} mit einer Karte, die kein Modell braucht); sie sagt wo, nicht warum</translation>
    </message>
    <message>
        <source>Whether the map of the drop is more than the {structure}'s shape cannot be told (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}: Ob die Karte des Abfalls mehr ist als die Form, lässt sich nicht sagen (Rangkorrelation {value:.2f} mit einer Karte, die kein Modell braucht)</translation>
    </message>
    <message>
        <source>no place is known to matter for the rest, {where}</source>
        <translation>von keiner Stelle ist bekannt, dass sie für den Rest zählt, {where}</translation>
    </message>
    <message>
        <source>Whether the {structure} is drawn from what is there or from its surroundings cannot be told</source>
        <translation>{structure}: Ob nach dem eingezeichnet wird, was dort zu sehen ist, oder nach der Umgebung, lässt sich nicht sagen</translation>
    </message>
    <message>
        <source>of what is hidden {share:.0%} is still drawn with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>vom Verdeckten werden mit der Füllung {fill} noch {share:.0%} eingezeichnet, mit {other_fill} {other_share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}: wird nach der Umgebung eingezeichnet; wo verdeckt wird, bleiben {share:.0%} eingezeichnet</translation>
    </message>
    <message>
        <source>The {structure} is drawn in part from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}: wird zum Teil nach der Umgebung eingezeichnet; wo verdeckt wird, bleiben {share:.0%} eingezeichnet</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest, or {most:.1%} with the standard error</source>
        <translation>eine zu verdecken nimmt {share:.1%} des Rests weg, mit dem Standardfehler {most:.1%}</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it, and no other more</source>
        <translation>{structure}: braucht keine andere Struktur; ohne {other} gehen {share:.1%} davon, bei keiner anderen mehr</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slices {slices}, {much}; the map can't show it</source>
        <translation>{structure}: In den Schichten {slices} zählt eine nicht gestörte Stelle, {much}; die Karte kann sie nicht zeigen</translation>
    </message>
    <message>
        <source>{share:.0%} as much as all that was perturbed</source>
        <translation>{share:.0%} so viel wie alles Gestörte</translation>
    </message>
    <message>
        <source>up to {share}</source>
        <translation>bis zu {share}</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters, {much}; the map can't show it</source>
        <translation>{structure}: Eine nicht gestörte Stelle zählt, {much}; die Karte kann sie nicht zeigen</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slice {slice}, {much}; the map can't show it</source>
        <translation>{structure}: In Schicht {slice} zählt eine nicht gestörte Stelle, {much}; die Karte kann sie nicht zeigen</translation>
    </message>
    <message>
        <source>{times:.1f} times all that was perturbed</source>
        <translation>{times:.1f}-mal so viel wie alles Gestörte</translation>
    </message>
    <message>
        <source>and nothing else</source>
        <translation>und sonst nichts</translation>
    </message>
    <message>
        <source>evidence: {reason}</source>
        <translation>Prüfung: {reason}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs cannot be told: hiding all of them takes away {share:.1%} of its score</source>
        <translation>{structure}: An welchem Bild die Einzeichnung hängt, lässt sich nicht sagen; alle zu verdecken nimmt {share:.1%} des Messwerts weg</translation>
    </message>
    <message>
        <source>hidden in the whole region with the fill {fill}</source>
        <translation>in der ganzen Region verdeckt mit der Füllung {fill}</translation>
    </message>
    <message>
        <source>The {structure} hangs on no image alone: of what is lost when all are hidden {shares}</source>
        <translation>{structure}: hängt an keinem Bild allein; von dem, was verloren geht, wenn alle verdeckt sind: {shares}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs most cannot be told: {image} has {share:.0%} of what is lost when all are hidden with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>{structure}: An welchem Bild die Einzeichnung am meisten hängt, lässt sich nicht sagen; {image} hat {share:.0%} des Verlusts, wenn alle mit der Füllung {fill} verdeckt sind, mit {other_fill} {other_share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden</source>
        <translation>{structure}: hängt vor allem an {image}; {share:.0%} dessen, was verloren geht, wenn alle Bilder verdeckt sind</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden, {others}</source>
        <translation>{structure}: hängt vor allem an {image}; {share:.0%} dessen, was verloren geht, wenn alle Bilder verdeckt sind, {others}</translation>
    </message>
    <message>
        <source>slices {slices}</source>
        <translation>Schichten {slices}</translation>
    </message>
    <message>
        <source>the volumes, {numbers} and {report} are in {folder}, the pictures are missing ({reason})</source>
        <translation>die Volumen, {numbers} und {report} liegen in {folder}, die Bilder fehlen ({reason})</translation>
    </message>
    <message>
        <source>the explanation in {folder} is damaged ({reason}); run it again</source>
        <translation>die Erklärung in {folder} ist beschädigt ({reason}); erklären Sie noch einmal</translation>
    </message>
    <message>
        <source>{file} holds no segment in the scan; give one that lies on it</source>
        <translation>{file} enthält im Scan kein Segment; geben Sie eine, die auf ihm liegt</translation>
    </message>
    <message>
        <source>{file} holds nothing of the {structures} in the scan</source>
        <translation>{file} enthält im Scan nichts von: {structures}</translation>
    </message>
    <message>
        <source>{file} is the scan itself, not a label map; give the file with the labels</source>
        <translation>{file} ist der Scan selbst, keine Labelkarte; geben Sie die Datei mit den Labels</translation>
    </message>
    <message>
        <source>{share:.0%} of what is labelled in {file} lies outside the scan</source>
        <translation>{share:.0%} dessen, was in {file} annotiert ist, liegt außerhalb des Scans</translation>
    </message>
    <message>
        <source>{file} covers {share:.0%} of the scan; the rest counts as not labelled</source>
        <translation>{file} bedeckt {share:.0%} des Scans; der Rest gilt als nicht annotiert</translation>
    </message>
    <message>
        <source>the model draws {structure} where the words find none (presence {model:.2f} and {words:.2f})</source>
        <translation>das Modell zeichnet {structure}, die Worte finden nichts (Vorhandensein {model:.2f} und {words:.2f})</translation>
    </message>
    <message>
        <source>the words find {structure} where the model draws none (presence {words:.2f} and {model:.2f})</source>
        <translation>die Worte finden {structure}, das Modell zeichnet nichts (Vorhandensein {words:.2f} und {model:.2f})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher around the model's prediction than in it: try another strategy, other words or negative prompts</source>
        <translation>die Ähnlichkeit mit {structure} wirkt umgekehrt, um die Vorhersage des Modells höher als darin: Versuchen Sie einen anderen Vergleich, andere Worte oder negative Worte</translation>
    </message>
    <message>
        <source>the {source} region is empty</source>
        <translation>die Region ist leer ({source})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher in the air round the patient than in the patient: try another strategy, other words or negative prompts</source>
        <translation>die Ähnlichkeit mit {structure} wirkt umgekehrt, in der Luft um den Patienten höher als im Patienten: Versuchen Sie einen anderen Vergleich, andere Worte oder negative Worte</translation>
    </message>
    <message>
        <source>{reason}: the box of the model's prediction, {mm:g} mm wider, is used</source>
        <translation>{reason}: benutzt wird die Box der Modellvorhersage, um {mm:g} mm erweitert</translation>
    </message>
    <message>
        <source>{mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller dilation gives a smaller one</source>
        <translation>{mm:g} mm um die Vorhersage füllen die Schicht: Die Region lässt nichts aus; ein kleinerer Rand ergibt eine kleinere</translation>
    </message>
    <message>
        <source>the region holds less than {share:.0%} of the prediction</source>
        <translation>die Region enthält weniger als {share:.0%} der Vorhersage</translation>
    </message>
    <message>
        <source>Otsu's threshold is refused for {structure}, whose similarity has no two levels: {level:g} is used</source>
        <translation>Otsus Schwelle wird für {structure} verworfen, weil die Ähnlichkeit keine zwei Stufen hat: {level:g} wird benutzt</translation>
    </message>
    <message>
        <source>threshold {threshold:g} is below {least}: the region may hold much that was not asked for</source>
        <translation>Schwelle {threshold:g} liegt unter {least}: Die Region enthält vielleicht vieles, wonach nicht gefragt ist</translation>
    </message>
    <message>
        <source>the region covers {share:.0%} of the body at threshold {level:g}</source>
        <translation>die Region bedeckt bei der Schwelle {level:g} {share:.0%} des Körpers</translation>
    </message>
    <message>
        <source>threshold raised from {threshold:g} to {level:g}</source>
        <translation>Schwelle von {threshold:g} auf {level:g} erhöht</translation>
    </message>
    <message>
        <source>taken for {modality} from its values (--modality says otherwise)</source>
        <translation>nach seinen Werten für {modality} gehalten (--modality sagt es anders)</translation>
    </message>
    <message>
        <source>the file says that the scan is {file}; it is taken for {modality}, as was asked for</source>
        <translation>die Datei sagt, der Scan sei {file}; er wird wie gewünscht für {modality} gehalten</translation>
    </message>
    <message>
        <source>{offset} was taken off the scan's values to make Hounsfield units of them: they are whole numbers from {low:g} up, with air near 0, soft tissue near {offset} and hardly anything between</source>
        <translation>{offset} wurde von den Werten des Scans abgezogen, um Hounsfield-Einheiten daraus zu machen: Es sind ganze Zahlen ab {low:g}, mit Luft nahe 0, Weichteilen nahe {offset} und kaum etwas dazwischen</translation>
    </message>
    <message>
        <source>{scan} is said to be a CT, but its values from {low:g} to {high:g} are no Hounsfield units, and not surely such with {offset} added (air near 0, water near {offset}): convert it (stored value x slope + intercept), or give --modality OT to take the values as they are</source>
        <translation>{scan} soll ein CT sein, doch seine Werte von {low:g} bis {high:g} sind keine Hounsfield-Einheiten, und nicht sicher solche mit addierten {offset} (Luft nahe 0, Wasser nahe {offset}): Wandeln Sie ihn um (gespeicherter Wert x Steigung + Achsenabschnitt), oder geben Sie --modality OT, um die Werte zu nehmen, wie sie sind</translation>
    </message>
    <message>
        <source>the scan has no air (its lowest value is {low:g} HU): it may have been cut to a window</source>
        <translation>der Scan enthält keine Luft (sein kleinster Wert ist {low:g} HU): Er wurde vielleicht auf ein Fenster beschnitten</translation>
    </message>
    <message>
        <source>there is no checkpoint {path}; give the path of a file on this machine</source>
        <translation>es gibt keinen Checkpoint {path}; geben Sie den Pfad einer Datei auf diesem Rechner</translation>
    </message>
    <message>
        <source>{file} can't be read as a checkpoint ({reason}); get the file again</source>
        <translation>{file} kann nicht als Checkpoint gelesen werden ({reason}); beschaffen Sie die Datei erneut</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} ist nicht auf diesem Rechner, und ohne Ihr Einverständnis wird nichts heruntergeladen: Es kommt von {url}; --download hinzufügen oder `xaiclip models download` benutzen</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and {by} forbids to download it; unset {by}, or download it elsewhere</source>
        <translation>{name} ist nicht auf diesem Rechner, und {by} verbietet das Herunterladen; {by} aufheben oder anderswo herunterladen</translation>
    </message>
    <message>
        <source>{name} is damaged (its checksum is wrong), and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} ist beschädigt (die Prüfsumme stimmt nicht), und ohne Ihr Einverständnis wird nichts heruntergeladen: Es kommt von {url}; --download hinzufügen oder `xaiclip models download` benutzen</translation>
    </message>
    <message>
        <source>the worker failed: {kind}: {error} (the whole story is in the log)</source>
        <translation>der Rechenprozess scheiterte: {kind}: {error} (das Protokoll sagt alles)</translation>
    </message>
    <message>
        <source>a Python package can't be imported ({error}); install what is missing, then try again</source>
        <translation>ein Python-Paket kann nicht importiert werden ({error}); installieren Sie, was fehlt, und versuchen Sie es erneut</translation>
    </message>
    <message>
        <source>a file can't be used ({error}); check its path, the rights and the room on the disk</source>
        <translation>eine Datei kann nicht benutzt werden ({error}); prüfen Sie Pfad, Rechte und Platz auf dem Datenträger</translation>
    </message>
    <message>
        <source>memory ran out; close other programs, choose fewer slices, or another device</source>
        <translation>der Speicher reicht nicht; schließen Sie andere Programme, wählen Sie weniger Schichten oder ein anderes Gerät</translation>
    </message>
    <message>
        <source>stopped by the user before it began</source>
        <translation>vom Benutzer angehalten, bevor es begann</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>Bilder werden gezeichnet</translation>
    </message>
    <message>
        <source>slice {slice} lies outside the scan, which has slices 0 to {last}</source>
        <translation>Schicht {slice} liegt außerhalb des Scans, der die Schichten 0 bis {last} hat</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>Speichern</translation>
    </message>
</context>
<context>
    <name>MattersPart</name>
    <message>
        <source>Click a row: all views go there, and the answer is shown.</source>
        <translation>Klicken Sie auf eine Zeile: Alle Ansichten gehen dorthin, und die Antwort erscheint.</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>Was zählt</translation>
    </message>
    <message>
        <source>What the chosen row is about.</source>
        <translation>Worum es in der gewählten Zeile geht.</translation>
    </message>
</context>
<context>
    <name>XAICLIP</name>
    <message>
        <source>S&amp;can:</source>
        <translation>S&amp;can:</translation>
    </message>
    <message>
        <source>The scan in which the model's segmentation is to be explained.</source>
        <translation>Der Scan, in dem die Segmentierung des Modells erklärt werden soll.</translation>
    </message>
    <message>
        <source>Choose a scan</source>
        <translation>Scan wählen</translation>
    </message>
    <message>
        <source>Sample &amp;data</source>
        <translation>Beispiel&amp;daten</translation>
    </message>
    <message>
        <source>Draw a synthetic CT of the upper abdomen, with liver, spleen, kidneys and more, to try things on. Nothing is downloaded.</source>
        <translation>Ein künstliches CT des Oberbauchs mit Leber, Milz, Nieren und mehr zeichnen, zum Ausprobieren. Nichts wird heruntergeladen.</translation>
    </message>
    <message>
        <source>S&amp;tructures:</source>
        <translation>S&amp;trukturen:</translation>
    </message>
    <message>
        <source>Type to search the list. Enter ticks the first match; a text that is not in the list is used in your own words.</source>
        <translation>Tippen durchsucht die Liste. Die Eingabetaste hakt den ersten Treffer an; ein Text, der nicht in der Liste steht, gilt als eigene Beschreibung.</translation>
    </message>
    <message>
        <source>Search, or type your own words</source>
        <translation>Suchen oder eigene Worte eingeben</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Strukturen</translation>
    </message>
    <message>
        <source>Tick what is to be explained. Structures in grey are not segmented by the model: their region can be shown, but not explained.</source>
        <translation>Haken Sie an, was erklärt werden soll. Graue Strukturen segmentiert das Modell nicht: Ihre Region kann gezeigt, aber nicht erklärt werden.</translation>
    </message>
    <message>
        <source>What is ticked.</source>
        <translation>Was angehakt ist.</translation>
    </message>
    <message>
        <source>Sl&amp;ices:</source>
        <translation>Sch&amp;ichten:</translation>
    </message>
    <message>
        <source>Which axial slices are explained. One slice takes seconds; all of them are needed for the 3D view.</source>
        <translation>Welche axialen Schichten erklärt werden. Eine Schicht dauert Sekunden; für die 3D-Ansicht sind alle nötig.</translation>
    </message>
    <message>
        <source>&amp;From, to:</source>
        <translation>&amp;Von, bis:</translation>
    </message>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Erste und letzte axiale Schicht, von den Füßen an gezählt. Die axiale Ansicht folgt dem Ende, das bewegt wird.</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>&amp;Modell:</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>Das Segmentierungsmodell, das erklärt werden soll.</translation>
    </message>
    <message>
        <source>On this mac&amp;hine:</source>
        <translation>Auf diesem &amp;PC:</translation>
    </message>
    <message>
        <source>The models that TotalSegmentator, nnU-Net, MONAIAuto3DSeg and other programs have left on this machine.</source>
        <translation>Die Modelle, die TotalSegmentator, nnU-Net, MONAIAuto3DSeg und andere Programme auf diesem Rechner abgelegt haben.</translation>
    </message>
    <message>
        <source>Seg&amp;ment:</source>
        <translation>Seg&amp;ment:</translation>
    </message>
    <message>
        <source>A segment that a model has made; the model is found from what its extension left in the scene.</source>
        <translation>Ein Segment, das ein Modell gemacht hat; das Modell wird aus dem gefunden, was seine Erweiterung in der Szene hinterlassen hat.</translation>
    </message>
    <message>
        <source>Fi&amp;le:</source>
        <translation>Dat&amp;ei:</translation>
    </message>
    <message>
        <source>The model's file or folder: TorchScript, ONNX, a MONAI bundle, an nnU-Net folder, or a SAM checkpoint.</source>
        <translation>Datei oder Ordner des Modells: TorchScript, ONNX, ein MONAI-Bundle, ein nnU-Net-Ordner oder ein SAM-Checkpoint.</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Den Ordner des Modells wählen</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>&amp;Ordner…</translation>
    </message>
    <message>
        <source>Choose a folder: a MONAI bundle or an nnU-Net model.</source>
        <translation>Einen Ordner wählen: ein MONAI-Bundle oder ein nnU-Net-Modell.</translation>
    </message>
    <message>
        <source>Which model made the segment, and whether its prediction today is the segment in the scene.</source>
        <translation>Welches Modell das Segment gemacht hat, und ob seine heutige Vorhersage das Segment der Szene ist.</translation>
    </message>
    <message>
        <source>Image &amp;2:</source>
        <translation>Bild &amp;2:</translation>
    </message>
    <message>
        <source>A further image of the patient, registered to the volume, which the model takes as its next channel. It is brought to the volume's grid.</source>
        <translation>Ein weiteres, auf das Volumen registriertes Bild des Patienten, das das Modell als nächsten Kanal nimmt. Es wird auf das Gitter des Volumens gebracht.</translation>
    </message>
    <message>
        <source>Choose an image</source>
        <translation>Bild wählen</translation>
    </message>
    <message>
        <source>Image &amp;3:</source>
        <translation>Bild &amp;3:</translation>
    </message>
    <message>
        <source>Image &amp;4:</source>
        <translation>Bild &amp;4:</translation>
    </message>
    <message>
        <source>What the model is and which structures it segments.</source>
        <translation>Was das Modell ist und welche Strukturen es segmentiert.</translation>
    </message>
    <message>
        <source>What is set under Advanced, in words.</source>
        <translation>Was unter „Erweitert“ eingestellt ist, in Worten.</translation>
    </message>
    <message>
        <source>&amp;Advanced</source>
        <translation>Er&amp;weitert</translation>
    </message>
    <message>
        <source>Region, language model, method, images and learning: everything that can be set beside the question itself.</source>
        <translation>Region, Sprachmodell, Methode, Bilder und Lernen: alles, was neben der eigentlichen Frage eingestellt werden kann.</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>Re&amp;gion</translation>
    </message>
    <message>
        <source>Where the scan may be hidden, and its preview.</source>
        <translation>Wo der Scan verdeckt werden darf, mit Vorschau.</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>&amp;Suchen in:</translation>
    </message>
    <message>
        <source>Where the scan may be perturbed. Everything outside stays as it is.</source>
        <translation>Wo der Scan gestört werden darf. Alles außerhalb bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Se&amp;gment:</source>
        <translation>Se&amp;gment:</translation>
    </message>
    <message>
        <source>The segment that is used as the region, as it is.</source>
        <translation>Das Segment, das unverändert als Region dient.</translation>
    </message>
    <message>
        <source>&amp;Box:</source>
        <translation>&amp;Box:</translation>
    </message>
    <message>
        <source>A markups ROI box; choose “Create new” and drag its handles in the views.</source>
        <translation>Eine Markups-ROI-Box; wählen Sie „Neu erstellen“ und ziehen Sie ihre Griffe in den Ansichten.</translation>
    </message>
    <message>
        <source>T&amp;hreshold:</source>
        <translation>Sc&amp;hwelle:</translation>
    </message>
    <message>
        <source>Probability from which a pixel belongs to the region. Higher: a smaller, surer region.</source>
        <translation>Wahrscheinlichkeit, ab der ein Pixel zur Region gehört. Höher: eine kleinere, sicherere Region.</translation>
    </message>
    <message>
        <source>Smoothin&amp;g:</source>
        <translation>&amp;Glättung:</translation>
    </message>
    <message>
        <source>Smoothing of the similarity before the threshold, in pixels of a slice 512 pixels wide.</source>
        <translation>Glättung der Ähnlichkeit vor der Schwelle, in Pixeln einer 512 Pixel breiten Schicht.</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Mar&amp;gin:</source>
        <translation>&amp;Rand:</translation>
    </message>
    <message>
        <source>Grow the region by so many millimeters, to see whether the model also looks at what lies around it.</source>
        <translation>Die Region um so viele Millimeter vergrößern, um zu sehen, ob das Modell auch auf die Umgebung schaut.</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Pre&amp;view region</source>
        <translation>Region anze&amp;igen</translation>
    </message>
    <message>
        <source>Show the region and the similarity to the words on the current axial slice; follows the threshold and the slice while it is pressed.</source>
        <translation>Region und Ähnlichkeit mit den Worten auf der aktuellen axialen Schicht zeigen; folgt Schwelle und Schicht, solange gedrückt.</translation>
    </message>
    <message>
        <source>Edit in Segmen&amp;t Editor</source>
        <translation>Im Segmen&amp;t-Editor bearbeiten</translation>
    </message>
    <message>
        <source>Turn the region of the chosen slices into a segmentation and open it in the Segment Editor. The edited region is then used as it is.</source>
        <translation>Die Region der gewählten Schichten in eine Segmentierung umwandeln und im Segment-Editor öffnen. Die bearbeitete Region wird dann unverändert benutzt.</translation>
    </message>
    <message>
        <source>How good the region is: its share of the slice, how much of the model's prediction it holds, and warnings.</source>
        <translation>Wie gut die Region ist: ihr Anteil an der Schicht, wie viel der Modellvorhersage sie enthält, und Warnungen.</translation>
    </message>
    <message>
        <source>How &amp;words are found</source>
        <translation>&amp;Wie Worte gefunden werden</translation>
    </message>
    <message>
        <source>The language model that finds the words in the scan.</source>
        <translation>Das Sprachmodell, das die Worte im Scan findet.</translation>
    </message>
    <message>
        <source>Lan&amp;guage model:</source>
        <translation>S&amp;prachmodell:</translation>
    </message>
    <message>
        <source>The vision-language model that finds the words in the scan: one of the list, hf-hub:OWNER/NAME, local-dir:FOLDER, or ARCHITECTURE:CHECKPOINT of open_clip.</source>
        <translation>Das Bild-Sprach-Modell, das die Worte im Scan findet: eines der Liste, hf-hub:OWNER/NAME, local-dir:FOLDER oder ARCHITECTURE:CHECKPOINT von open_clip.</translation>
    </message>
    <message>
        <source>Do&amp;wnload</source>
        <translation>He&amp;runterladen</translation>
    </message>
    <message>
        <source>Download the model's weights once. Nothing is uploaded.</source>
        <translation>Die Gewichte des Modells einmalig herunterladen. Nichts wird hochgeladen.</translation>
    </message>
    <message>
        <source>What the language model is, its licence, and whether it is on this computer.</source>
        <translation>Was das Sprachmodell ist, seine Lizenz, und ob es auf diesem Rechner liegt.</translation>
    </message>
    <message>
        <source>Com&amp;parison:</source>
        <translation>&amp;Vergleich:</translation>
    </message>
    <message>
        <source>How the patches of a slice are compared with the words. Try another one where the region is not on the structure.</source>
        <translation>Wie die Felder einer Schicht mit den Worten verglichen werden. Probieren Sie einen anderen, wenn die Region nicht auf der Struktur liegt.</translation>
    </message>
    <message>
        <source>Lear&amp;ned words:</source>
        <translation>Ge&amp;lernte Worte:</translation>
    </message>
    <message>
        <source>A file that was learned from labelled slices with this language model; empty to use the words alone.</source>
        <translation>Eine Datei, die mit diesem Sprachmodell aus annotierten Schichten gelernt wurde; leer: nur die Worte.</translation>
    </message>
    <message>
        <source>Model and com&amp;puter</source>
        <translation>Modell und Re&amp;chner</translation>
    </message>
    <message>
        <source>What kind of model it is, what it is pointed with, and where it runs.</source>
        <translation>Welche Art Modell es ist, womit ihm die Stelle gezeigt wird, und wo es läuft.</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>&amp;Art:</translation>
    </message>
    <message>
        <source>What the file or folder is. Choose MedSAM or SAM yourself: their files look alike, but they want the scan prepared in different ways.</source>
        <translation>Was die Datei oder der Ordner ist. MedSAM oder SAM wählen Sie bitte selbst: Ihre Dateien sehen gleich aus, aber der Scan muss verschieden vorbereitet werden.</translation>
    </message>
    <message>
        <source>Promp&amp;t:</source>
        <translation>Vorga&amp;be:</translation>
    </message>
    <message>
        <source>What MedSAM or SAM is pointed with: a markups ROI box, or a point list, whose deselected points mean what the structure is not. None: the box of the region.</source>
        <translation>Womit MedSAM oder SAM die Stelle gezeigt wird: eine Markups-ROI-Box oder eine Punktliste, deren abgewählte Punkte sagen, was nicht zur Struktur gehört. Keine: die Box der Region.</translation>
    </message>
    <message>
        <source>The box of the region</source>
        <translation>Die Box der Region</translation>
    </message>
    <message>
        <source>Compute &amp;on:</source>
        <translation>Rechnen au&amp;f:</translation>
    </message>
    <message>
        <source>Where the models run. Automatic uses the graphics card where there is one.</source>
        <translation>Wo die Modelle laufen. „Automatisch“ nutzt die Grafikkarte, wenn es eine gibt.</translation>
    </message>
    <message>
        <source>Chec&amp;k model</source>
        <translation>Modell &amp;prüfen</translation>
    </message>
    <message>
        <source>Open the model once and list the structures that it segments.</source>
        <translation>Das Modell einmal öffnen und auflisten, welche Strukturen es segmentiert.</translation>
    </message>
    <message>
        <source>Metho&amp;d</source>
        <translation>Metho&amp;de</translation>
    </message>
    <message>
        <source>How places are hidden, how finely, and what has to drop.</source>
        <translation>Wie Stellen verdeckt werden, wie fein, und was abfallen muss.</translation>
    </message>
    <message>
        <source>Met&amp;hod:</source>
        <translation>Met&amp;hode:</translation>
    </message>
    <message>
        <source>Occlusion: a patch slides over the region; easiest to read. Coarse to fine: the same with a small step, at a fraction of the cost. RISE: many random masks. LIME: superpixels and a linear model. KernelSHAP: Shapley values of superpixels. HSIC: statistical dependence on the cells of a grid.</source>
        <translation>Okklusion: Ein Feld gleitet über die Region; am leichtesten zu lesen. Grob zu fein: dasselbe mit kleinem Schritt, zu einem Bruchteil der Kosten. RISE: viele Zufallsmasken. LIME: Superpixel und ein lineares Modell. KernelSHAP: Shapley-Werte von Superpixeln. HSIC: statistische Abhängigkeit von den Zellen eines Gitters.</translation>
    </message>
    <message>
        <source>&amp;Quality:</source>
        <translation>&amp;Qualität:</translation>
    </message>
    <message>
        <source>How fine the map is, and how long it takes. The settings below follow.</source>
        <translation>Wie fein die Karte ist und wie lange sie dauert. Die Einstellungen darunter folgen.</translation>
    </message>
    <message>
        <source>F&amp;ill with:</source>
        <translation>&amp;Füllen mit:</translation>
    </message>
    <message>
        <source>What is put in the place of what is taken away.</source>
        <translation>Was an die Stelle des Weggenommenen gesetzt wird.</translation>
    </message>
    <message>
        <source>Meas&amp;ure:</source>
        <translation>Ma&amp;ß:</translation>
    </message>
    <message>
        <source>What has to drop: the overlap with the unperturbed prediction (Dice), or the model's confidence.</source>
        <translation>Was abfallen muss: die Überlappung mit der ungestörten Vorhersage (Dice) oder die Konfidenz des Modells.</translation>
    </message>
    <message>
        <source>Re&amp;ference:</source>
        <translation>Re&amp;ferenz:</translation>
    </message>
    <message>
        <source>What the model's masks are scored against: a segmentation or label map that somebody drew, whose segments are found by terminology or name. None: the model's own unperturbed prediction.</source>
        <translation>Womit die Masken des Modells verglichen werden: eine von jemandem gezeichnete Segmentierung oder Label-Karte, deren Segmente nach Terminologie oder Namen gefunden werden. Keine: die eigene ungestörte Vorhersage des Modells.</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>Die Vorhersage des Modells selbst</translation>
    </message>
    <message>
        <source>Which segment of the reference stands for which structure.</source>
        <translation>Welches Segment der Referenz für welche Struktur steht.</translation>
    </message>
    <message>
        <source>Also hide each or&amp;gan in turn</source>
        <translation>Auch jedes Or&amp;gan einzeln verdecken</translation>
    </message>
    <message>
        <source>Hides everything that the model draws, one structure at a time, to answer which organ needs which. One run of the model more for each of them, in each slice.</source>
        <translation>Verdeckt alles, was das Modell zeichnet, eine Struktur nach der anderen, um zu beantworten, welches Organ welches braucht. Für jede ein Lauf des Modells mehr, in jeder Schicht.</translation>
    </message>
    <message>
        <source>Num&amp;bers of the method</source>
        <translation>&amp;Zahlen der Methode</translation>
    </message>
    <message>
        <source>The numbers behind the quality.</source>
        <translation>Die Zahlen hinter der Qualität.</translation>
    </message>
    <message>
        <source>Patch:</source>
        <translation>Feld:</translation>
    </message>
    <message>
        <source>Edge of the patch, in pixels of a slice 512 pixels wide.</source>
        <translation>Kantenlänge des Felds, in Pixeln einer 512 Pixel breiten Schicht.</translation>
    </message>
    <message>
        <source>Step:</source>
        <translation>Schritt:</translation>
    </message>
    <message>
        <source>Step from patch to patch, in the same pixels; at most half of the patch.</source>
        <translation>Schritt von Feld zu Feld, in denselben Pixeln; höchstens die Hälfte des Felds.</translation>
    </message>
    <message>
        <source>Masks:</source>
        <translation>Masken:</translation>
    </message>
    <message>
        <source>Number of random masks.</source>
        <translation>Anzahl der Zufallsmasken.</translation>
    </message>
    <message>
        <source>Grid:</source>
        <translation>Gitter:</translation>
    </message>
    <message>
        <source>Cells of the grid along each side.</source>
        <translation>Zellen des Gitters entlang jeder Seite.</translation>
    </message>
    <message>
        <source>Keep:</source>
        <translation>Behalten:</translation>
    </message>
    <message>
        <source>Probability that a cell is kept.</source>
        <translation>Wahrscheinlichkeit, dass eine Zelle erhalten bleibt.</translation>
    </message>
    <message>
        <source>Estimator:</source>
        <translation>Schätzer:</translation>
    </message>
    <message>
        <source>How scores become a map. Ridge needs the fewest masks; raw is the paper's.</source>
        <translation>Wie aus Messwerten eine Karte wird. Ridge braucht die wenigsten Masken; „Roh“ ist wie in der Publikation.</translation>
    </message>
    <message>
        <source>Samples:</source>
        <translation>Stichproben:</translation>
    </message>
    <message>
        <source>Number of random on/off patterns of the superpixels or cells.</source>
        <translation>Anzahl zufälliger An/Aus-Muster der Superpixel oder Zellen.</translation>
    </message>
    <message>
        <source>Stop at error:</source>
        <translation>Halt bei Fehler:</translation>
    </message>
    <message>
        <source>Stop early once the map's standard error is below this share of its largest value; 0: never.</source>
        <translation>Früher aufhören, sobald der Standardfehler der Karte unter diesem Anteil ihres größten Werts liegt; 0: nie.</translation>
    </message>
    <message>
        <source>Seed:</source>
        <translation>Startwert:</translation>
    </message>
    <message>
        <source>Same seed, same map.</source>
        <translation>Gleicher Startwert, gleiche Karte.</translation>
    </message>
    <message>
        <source>How often the model is run, and how often without a region.</source>
        <translation>Wie oft das Modell ausgeführt wird, und wie oft ohne Region.</translation>
    </message>
    <message>
        <source>Ima&amp;ges</source>
        <translation>Bil&amp;der</translation>
    </message>
    <message>
        <source>How the scan is read and shown to the language model.</source>
        <translation>Wie der Scan gelesen und dem Sprachmodell gezeigt wird.</translation>
    </message>
    <message>
        <source>Modalit&amp;y:</source>
        <translation>Modalit&amp;ät:</translation>
    </message>
    <message>
        <source>What kind of scan it is. Automatic: as its DICOM series says, else as its values look, and the result says that it is a guess.</source>
        <translation>Welche Art Scan es ist. „Automatisch“: wie die DICOM-Serie sagt, sonst nach den Werten, und das Ergebnis sagt, dass es eine Vermutung ist.</translation>
    </message>
    <message>
        <source>Co&amp;ntrast:</source>
        <translation>Ko&amp;ntrast:</translation>
    </message>
    <message>
        <source>How the scan is shown to the vision-language model. Automatic chooses by modality. The display of the scan in the views is not changed.</source>
        <translation>Wie der Scan dem Bild-Sprach-Modell gezeigt wird. „Automatisch“ wählt nach der Modalität. Die Darstellung in den Ansichten bleibt unverändert.</translation>
    </message>
    <message>
        <source>Learn from a &amp;segmentation</source>
        <translation>Aus &amp;Segmentierung lernen</translation>
    </message>
    <message>
        <source>Teach the language model the ticked structures by some slices that you have labelled.</source>
        <translation>Dem Sprachmodell die angehakten Strukturen an einigen Schichten beibringen, die Sie annotiert haben.</translation>
    </message>
    <message>
        <source>Segmentatio&amp;n:</source>
        <translation>Segmentieru&amp;ng:</translation>
    </message>
    <message>
        <source>A segmentation or label map of this scan in which the ticked structures are drawn in some slices; segments are found by terminology or name.</source>
        <translation>Eine Segmentierung oder Label-Karte dieses Scans, in der die angehakten Strukturen in einigen Schichten gezeichnet sind; Segmente werden nach Terminologie oder Namen gefunden.</translation>
    </message>
    <message>
        <source>Choose one</source>
        <translation>Bitte wählen</translation>
    </message>
    <message>
        <source>Slices to lear&amp;n from:</source>
        <translation>Schichten zum Le&amp;rnen:</translation>
    </message>
    <message>
        <source>Labelled slices of each structure to learn from; the others tell how much better it got.</source>
        <translation>Annotierte Schichten jeder Struktur, aus denen gelernt wird; die übrigen zeigen, wie viel es gebracht hat.</translation>
    </message>
    <message>
        <source>Lear&amp;n…</source>
        <translation>Ler&amp;nen…</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Wählen, wo die gelernten Vorgaben abgelegt werden, und lernen; sie werden sofort benutzt.</translation>
    </message>
    <message>
        <source>How far it is, and what it brought on slices that were not learned from.</source>
        <translation>Wie weit es ist, und was es auf Schichten gebracht hat, aus denen nicht gelernt wurde.</translation>
    </message>
    <message>
        <source>Lo&amp;g</source>
        <translation>Pr&amp;otokoll</translation>
    </message>
    <message>
        <source>What the worker and the installer said, for a bug report.</source>
        <translation>Was Rechenprozess und Installation gemeldet haben, für einen Fehlerbericht.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Everything that the worker and the installer said.</source>
        <translation>Alles, was Rechenprozess und Installation gemeldet haben.</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>&amp;Erklären</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>How far the run is, and about how long it still takes.</source>
        <translation>Wie weit der Lauf ist und wie lange er ungefähr noch dauert.</translation>
    </message>
    <message>
        <source>What a run with these settings costs: evaluations of the model, slices and time.</source>
        <translation>Was ein Lauf mit diesen Einstellungen kostet: Modellauswertungen, Schichten und Zeit.</translation>
    </message>
    <message>
        <source>What XAICLIP is doing.</source>
        <translation>Was XAICLIP gerade tut.</translation>
    </message>
    <message>
        <source>Something needs your attention.</source>
        <translation>Etwas braucht Ihre Aufmerksamkeit.</translation>
    </message>
    <message>
        <source>What is wrong, and what to do.</source>
        <translation>Was nicht stimmt, und was zu tun ist.</translation>
    </message>
    <message>
        <source>Do what the message proposes.</source>
        <translation>Tun, was die Meldung vorschlägt.</translation>
    </message>
    <message>
        <source>&amp;Run:</source>
        <translation>&amp;Lauf:</translation>
    </message>
    <message>
        <source>The runs in this scene, the newest first.</source>
        <translation>Die Läufe in dieser Szene, der neueste zuerst.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>E&amp;ntfernen</translation>
    </message>
    <message>
        <source>Remove this run's volumes, segmentations, table and curves from the scene.</source>
        <translation>Volumen, Segmentierungen, Tabelle und Kurven dieses Laufs aus der Szene entfernen.</translation>
    </message>
    <message>
        <source>The answer of the run in one sentence for each structure.</source>
        <translation>Die Antwort des Laufs in einem Satz je Struktur.</translation>
    </message>
    <message>
        <source>&amp;2×2 views</source>
        <translation>&amp;2×2 Ansichten</translation>
    </message>
    <message>
        <source>Image, region, saliency and prediction side by side, linked; release to get your own layout back.</source>
        <translation>Bild, Region, Salienz und Vorhersage nebeneinander, verknüpft; Lösen stellt das eigene Layout wieder her.</translation>
    </message>
    <message>
        <source>Show in &amp;3D</source>
        <translation>In &amp;3D</translation>
    </message>
    <message>
        <source>Volume rendering of the saliency with the surface of the predicted organ.</source>
        <translation>Volumendarstellung der Salienz mit der Oberfläche des vorhergesagten Organs.</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>&amp;Bericht</translation>
    </message>
    <message>
        <source>Open the report of this run in the web browser: what was asked, pictures, numbers, curves and warnings on one page.</source>
        <translation>Den Bericht dieses Laufs im Webbrowser öffnen: was gefragt wurde, Bilder, Zahlen, Kurven und Warnungen auf einer Seite.</translation>
    </message>
    <message>
        <source>E&amp;xport to DICOM…</source>
        <translation>DICOM-E&amp;xport…</translation>
    </message>
    <message>
        <source>Write maps as Parametric Maps, masks as segmentations and pictures as Secondary Captures, for an archive.</source>
        <translation>Karten als Parametric Maps, Masken als Segmentierungen und Bilder als Secondary Captures schreiben, für ein Archiv.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>S&amp;peichern</translation>
    </message>
    <message>
        <source>Save volumes, pictures and report of this run, or the scene.</source>
        <translation>Volumen, Bilder und Bericht dieses Laufs speichern, oder die Szene.</translation>
    </message>
    <message>
        <source>For research only; not for clinical use.</source>
        <translation>Nur für die Forschung; nicht für den klinischen Einsatz.</translation>
    </message>
    <message>
        <source>XAICLIP is no medical device.</source>
        <translation>XAICLIP ist kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>XAICLIP</source>
        <translation>XAICLIP</translation>
    </message>
    <message>
        <source>Ask a segmentation model why: name a structure, check the region in which it is found, and see which parts of it the model's segmentation depends on. Choose a scan, tick a structure, press Explain.</source>
        <translation>Fragen Sie ein Segmentierungsmodell nach dem Warum: Nennen Sie eine Struktur, prüfen Sie die Region, in der sie gefunden wird, und sehen Sie, von welchen Teilen davon die Segmentierung des Modells abhängt. Scan wählen, Struktur anhaken, „Erklären“ drücken.</translation>
    </message>
    <message>
        <source>For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0.</source>
        <translation>Nur für die Forschung, nicht für den klinischen Einsatz. Nichts verlässt diesen Rechner. Lizenz: Apache 2.0.</translation>
    </message>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>Die Szene wurde geschlossen, daher wurde der Lauf abgebrochen.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Give one inside it, in RAS mm.</source>
        <translation>Diese Stelle liegt außerhalb des Scans. Geben Sie eine darin an, in RAS-mm.</translation>
    </message>
</context>
<context>
    <name>panel.answers</name>
    <message>
        <source>{answer} (tested: {test}).</source>
        <translation>{answer} (geprüft: {test}).</translation>
    </message>
    <message>
        <source>{structure}: hiding single places does not change what the model draws</source>
        <translation>{structure}: Das Verdecken einzelner Stellen ändert nicht, was das Modell einzeichnet</translation>
    </message>
    <message>
        <source>{structure}: whether the map says more than where it is cannot be told.</source>
        <translation>{structure}: Ob die Karte mehr sagt, als wo die Struktur liegt, lässt sich nicht feststellen.</translation>
    </message>
    <message>
        <source>{structure}: well supported; nothing in the tests spoke against it.</source>
        <translation>{structure}: gut gestützt; nichts in den Prüfungen sprach dagegen.</translation>
    </message>
    <message>
        <source>{structure}: weakly supported.</source>
        <translation>{structure}: schwach gestützt.</translation>
    </message>
    <message>
        <source>{structure}: the map is the organ's shape; it does not say why.</source>
        <translation>{structure}: Die Karte ist die Form des Organs; sie sagt nicht, warum.</translation>
    </message>
    <message>
        <source>{structure}: not supported; conclude nothing from this map.</source>
        <translation>{structure}: nicht gestützt; ziehen Sie aus dieser Karte keinen Schluss.</translation>
    </message>
    <message>
        <source>model or words were made for other scans</source>
        <translation>Modell oder Worte sind für andere Scans gemacht</translation>
    </message>
    <message>
        <source>there is a doubt about the model or the region</source>
        <translation>an Modell oder Region bestehen Zweifel</translation>
    </message>
    <message>
        <source>hiding places changes nothing</source>
        <translation>das Verdecken von Stellen ändert nichts</translation>
    </message>
    <message>
        <source>values lie beyond what can be</source>
        <translation>Werte liegen jenseits des Möglichen</translation>
    </message>
    <message>
        <source>it changes from sample to sample</source>
        <translation>es ändert sich von Stichprobe zu Stichprobe</translation>
    </message>
    <message>
        <source>the model answers differently when it is run again</source>
        <translation>das Modell antwortet bei Wiederholung anders</translation>
    </message>
    <message>
        <source>the model answers differently beside other images</source>
        <translation>das Modell antwortet neben anderen Bildern anders</translation>
    </message>
    <message>
        <source>the region misses most of the structure</source>
        <translation>die Region verfehlt den größten Teil der Struktur</translation>
    </message>
    <message>
        <source>the model's drawing differs from the reference</source>
        <translation>die Einzeichnung des Modells weicht von der Referenz ab</translation>
    </message>
    <message>
        <source>hiding the whole region changes next to nothing</source>
        <translation>das Verdecken der ganzen Region ändert fast nichts</translation>
    </message>
    <message>
        <source>hiding the whole region changes little</source>
        <translation>das Verdecken der ganzen Region ändert wenig</translation>
    </message>
    <message>
        <source>the largest effect is small</source>
        <translation>der größte Effekt ist klein</translation>
    </message>
    <message>
        <source>the model was run too few times</source>
        <translation>das Modell wurde zu selten ausgeführt</translation>
    </message>
    <message>
        <source>not all tests were made</source>
        <translation>nicht alle Prüfungen wurden gemacht</translation>
    </message>
    <message>
        <source>places rank hardly better than by chance</source>
        <translation>die Rangfolge der Stellen ist kaum besser als Zufall</translation>
    </message>
    <message>
        <source>random places do as well</source>
        <translation>zufällige Stellen sind ebenso gut</translation>
    </message>
    <message>
        <source>the region alone does as well</source>
        <translation>die Region allein ist ebenso gut</translation>
    </message>
    <message>
        <source>it looks like the map of a model that only loses what is hidden</source>
        <translation>sie sieht aus wie die Karte eines Modells, das nur verliert, was verdeckt ist</translation>
    </message>
    <message>
        <source>the outline of the organ does as well</source>
        <translation>der Umriss des Organs ist ebenso gut</translation>
    </message>
    <message>
        <source>an untrained model gives the same map</source>
        <translation>ein untrainiertes Modell ergibt dieselbe Karte</translation>
    </message>
    <message>
        <source>a place outside the region matters too</source>
        <translation>auch eine Stelle außerhalb der Region ist wichtig</translation>
    </message>
    <message>
        <source>it may be about what places are hidden with</source>
        <translation>es kann daran liegen, womit Stellen verdeckt werden</translation>
    </message>
    <message>
        <source>it does not hold when places are hidden otherwise</source>
        <translation>es gilt nicht, wenn Stellen anders verdeckt werden</translation>
    </message>
    <message>
        <source>it changes with what places are hidden with</source>
        <translation>es ändert sich damit, womit Stellen verdeckt werden</translation>
    </message>
    <message>
        <source>it changes with the random start</source>
        <translation>es ändert sich mit dem zufälligen Startwert</translation>
    </message>
    <message>
        <source>Tested on the whole volume.</source>
        <translation>Am ganzen Volumen geprüft.</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>gut gestützt</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>schwach gestützt</translation>
    </message>
    <message>
        <source>the organ's shape</source>
        <translation>die Form des Organs</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>nicht gestützt</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>nicht geprüft</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most takes what the model draws from {before} to {after}</source>
        <translation>{structure}: Verdeckt man die wichtigste Stelle, geht die Einzeichnung des Modells von {before} auf {after} zurück</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most, in slice {slice}, takes what the model draws from {before} to {after}</source>
        <translation>{structure}: Verdeckt man die wichtigste Stelle, in Schicht {slice}, geht die Einzeichnung des Modells von {before} auf {after} zurück</translation>
    </message>
    <message>
        <source>{structure}: overlap with the reference {dice} (Dice; 1 is all of it).</source>
        <translation>{structure}: Überlappung mit der Referenz {dice} (Dice; 1 ist vollständig).</translation>
    </message>
    <message>
        <source>{structure}: the map shows where it is, not why the model draws it.</source>
        <translation>{structure}: Die Karte zeigt, wo die Struktur liegt, nicht, warum das Modell sie einzeichnet.</translation>
    </message>
    <message>
        <source>{structure}: the map says more than where it is.</source>
        <translation>{structure}: Die Karte sagt mehr, als wo die Struktur liegt.</translation>
    </message>
    <message>
        <source>one of the tests</source>
        <translation>eine der Prüfungen</translation>
    </message>
    <message>
        <source>{structure}: rank correlation {value} with a map that needs no model.</source>
        <translation>{structure}: Rangkorrelation {value} mit einer Karte, die kein Modell braucht.</translation>
    </message>
    <message>
        <source>{structure}: {verdict} ({reasons}).</source>
        <translation>{structure}: {verdict} ({reasons}).</translation>
    </message>
    <message>
        <source>{structure}: not tested.</source>
        <translation>{structure}: nicht geprüft.</translation>
    </message>
    <message>
        <source>What speaks against it: {reasons}.</source>
        <translation>Was dagegen spricht: {reasons}.</translation>
    </message>
    <message>
        <source>Tested in slice {slice}.</source>
        <translation>Geprüft in Schicht {slice}.</translation>
    </message>
    <message>
        <source>Tested in slices {slices}.</source>
        <translation>Geprüft in den Schichten {slices}.</translation>
    </message>
    <message>
        <source>{count} more structures: see Report.</source>
        <translation>{count} weitere Strukturen: siehe Bericht.</translation>
    </message>
    <message>
        <source>{words} (slice {slice})</source>
        <translation>{words} (Schicht {slice})</translation>
    </message>
</context>
<context>
    <name>panel.choices</name>
    <message>
        <source>The one in the axial view</source>
        <translation>Die der axialen Ansicht</translation>
    </message>
    <message>
        <source>A range</source>
        <translation>Ein Bereich</translation>
    </message>
    <message>
        <source>All that show the structure</source>
        <translation>Alle, die die Struktur zeigen</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>CT</translation>
    </message>
    <message>
        <source>MR</source>
        <translation>MR</translation>
    </message>
    <message>
        <source>PET</source>
        <translation>PET</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>Ultraschall</translation>
    </message>
    <message>
        <source>Nuclear medicine</source>
        <translation>Nuklearmedizin</translation>
    </message>
    <message>
        <source>Computed radiography</source>
        <translation>Computerradiographie (CR)</translation>
    </message>
    <message>
        <source>Digital radiography</source>
        <translation>Digitale Radiographie (DR)</translation>
    </message>
    <message>
        <source>Mammography</source>
        <translation>Mammographie</translation>
    </message>
    <message>
        <source>Angiography</source>
        <translation>Angiographie</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>Automatic, by modality</source>
        <translation>Automatisch, nach Modalität</translation>
    </message>
    <message>
        <source>CT soft tissue</source>
        <translation>CT Weichteile</translation>
    </message>
    <message>
        <source>CT liver</source>
        <translation>CT Leber</translation>
    </message>
    <message>
        <source>CT lung</source>
        <translation>CT Lunge</translation>
    </message>
    <message>
        <source>CT bone</source>
        <translation>CT Knochen</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Wie in der Publikation</translation>
    </message>
    <message>
        <source>Where the words are found</source>
        <translation>Wo die Worte gefunden werden</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>Die Vorhersage des Modells selbst</translation>
    </message>
    <message>
        <source>A segment</source>
        <translation>Ein Segment</translation>
    </message>
    <message>
        <source>A box</source>
        <translation>Eine Box</translation>
    </message>
    <message>
        <source>The whole slice</source>
        <translation>Die ganze Schicht</translation>
    </message>
    <message>
        <source>Automatic, by model</source>
        <translation>Automatisch, nach Modell</translation>
    </message>
    <message>
        <source>Patch tokens</source>
        <translation>Patch-Token</translation>
    </message>
    <message>
        <source>Sliding windows (slow)</source>
        <translation>Gleitende Fenster (langsam)</translation>
    </message>
    <message>
        <source>Bundled U-Net (CT of the abdomen)</source>
        <translation>Mitgeliefertes U-Net (Abdomen-CT)</translation>
    </message>
    <message>
        <source>A segment in the scene</source>
        <translation>Ein Segment in der Szene</translation>
    </message>
    <message>
        <source>A model on this machine</source>
        <translation>Ein Modell auf diesem Rechner</translation>
    </message>
    <message>
        <source>My own model</source>
        <translation>Mein eigenes Modell</translation>
    </message>
    <message>
        <source>Automatic, by the file</source>
        <translation>Automatisch, nach der Datei</translation>
    </message>
    <message>
        <source>Segment Anything (SAM)</source>
        <translation>Segment Anything (SAM)</translation>
    </message>
    <message>
        <source>MONAI bundle</source>
        <translation>MONAI-Bundle</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Okklusion</translation>
    </message>
    <message>
        <source>Occlusion, coarse to fine</source>
        <translation>Okklusion, grob zu fein</translation>
    </message>
    <message>
        <source>RISE</source>
        <translation>RISE</translation>
    </message>
    <message>
        <source>LIME</source>
        <translation>LIME</translation>
    </message>
    <message>
        <source>KernelSHAP</source>
        <translation>KernelSHAP</translation>
    </message>
    <message>
        <source>HSIC attribution</source>
        <translation>HSIC-Attribution</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Full, as in the paper</source>
        <translation>Voll, wie in der Publikation</translation>
    </message>
    <message>
        <source>My own settings</source>
        <translation>Eigene Einstellungen</translation>
    </message>
    <message>
        <source>Zero, as in the paper</source>
        <translation>Null, wie in der Publikation</translation>
    </message>
    <message>
        <source>Mean of the slice</source>
        <translation>Mittelwert der Schicht</translation>
    </message>
    <message>
        <source>Mean of the surroundings</source>
        <translation>Mittelwert der Umgebung</translation>
    </message>
    <message>
        <source>Blurred image</source>
        <translation>Weichgezeichnetes Bild</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation>Inpainting</translation>
    </message>
    <message>
        <source>Air (CT)</source>
        <translation>Luft (CT)</translation>
    </message>
    <message>
        <source>Fat (CT)</source>
        <translation>Fett (CT)</translation>
    </message>
    <message>
        <source>Water (CT)</source>
        <translation>Wasser (CT)</translation>
    </message>
    <message>
        <source>Soft tissue (CT)</source>
        <translation>Weichteile (CT)</translation>
    </message>
    <message>
        <source>Dice, as in the paper</source>
        <translation>Dice, wie in der Publikation</translation>
    </message>
    <message>
        <source>Soft Dice</source>
        <translation>Weicher Dice</translation>
    </message>
    <message>
        <source>Confidence of the model</source>
        <translation>Konfidenz des Modells</translation>
    </message>
    <message>
        <source>Raw, as in the paper</source>
        <translation>Roh, wie in der Publikation</translation>
    </message>
    <message>
        <source>Centered</source>
        <translation>Zentriert</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>Ridge-Regression</translation>
    </message>
    <message>
        <source>Inferno</source>
        <translation>Inferno</translation>
    </message>
    <message>
        <source>Viridis</source>
        <translation>Viridis</translation>
    </message>
    <message>
        <source>Jet, as in the paper</source>
        <translation>Jet, wie in der Publikation</translation>
    </message>
</context>
<context>
    <name>panel.numbers</name>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>Struktur</translation>
    </message>
    <message>
        <source>Largest drop</source>
        <translation>Größter Abfall</translation>
    </message>
    <message>
        <source>Still drawn where hidden</source>
        <translation>Noch eingezeichnet, wo verdeckt</translation>
    </message>
    <message>
        <source>Rest lost by one place</source>
        <translation>Verlust des Rests durch eine Stelle</translation>
    </message>
    <message>
        <source>Score before</source>
        <translation>Messwert vorher</translation>
    </message>
    <message>
        <source>Dice with reference</source>
        <translation>Dice mit Referenz</translation>
    </message>
    <message>
        <source>Surface distance (mm)</source>
        <translation>Oberflächenabstand (mm)</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Urteil</translation>
    </message>
    <message>
        <source>Model runs</source>
        <translation>Modellauswertungen</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Zeit (s)</translation>
    </message>
    <message>
        <source>Slice of largest drop</source>
        <translation>Schicht des größten Abfalls</translation>
    </message>
    <message>
        <source>Smallest drop</source>
        <translation>Kleinster Abfall</translation>
    </message>
    <message>
        <source>Region, of the slice</source>
        <translation>Region, Anteil der Schicht</translation>
    </message>
    <message>
        <source>Organ inside the region</source>
        <translation>Organ innerhalb der Region</translation>
    </message>
    <message>
        <source>Drawn area (mm²)</source>
        <translation>Eingezeichnete Fläche (mm²)</translation>
    </message>
    <message>
        <source>Likeness to the shape</source>
        <translation>Ähnlichkeit mit der Form</translation>
    </message>
    <message>
        <source>Matters outside</source>
        <translation>Außerhalb wichtig</translation>
    </message>
    <message>
        <source>Region from</source>
        <translation>Region aus</translation>
    </message>
    <message>
        <source>Runs, of a whole slice</source>
        <translation>Auswertungen, einer ganzen Schicht</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
</context>
<context>
    <name>panel.panel</name>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>Die Szene wurde geschlossen, daher wurde der Lauf abgebrochen.</translation>
    </message>
</context>
<context>
    <name>panel.question</name>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Wählen Sie Datei oder Ordner des Modells.</translation>
    </message>
    <message>
        <source>The model does not segment {names}; untick it, or choose another model.</source>
        <translation>Das Modell segmentiert {names} nicht; Haken entfernen oder ein anderes Modell wählen.</translation>
    </message>
</context>
<context>
    <name>panel.questions</name>
    <message>
        <source>{structure}: what does all that is drawn depend on?</source>
        <translation>{structure}: Wovon hängt alles Eingezeichnete ab?</translation>
    </message>
    <message>
        <source>{structure}: what does its boundary depend on?</source>
        <translation>{structure}: Wovon hängt der Rand ab?</translation>
    </message>
    <message>
        <source>{structure}: what holds the missing part back?</source>
        <translation>{structure}: Was hält den fehlenden Teil zurück?</translation>
    </message>
    <message>
        <source>{structure}: why is a part drawn outside the reference?</source>
        <translation>{structure}: Warum liegt ein Teil außerhalb der Referenz?</translation>
    </message>
    <message>
        <source>Between organs: which one needs which?</source>
        <translation>Zwischen Organen: Welches braucht welches?</translation>
    </message>
    <message>
        <source>{structure}: why is island {number} drawn?</source>
        <translation>{structure}: Warum ist Insel {number} eingezeichnet?</translation>
    </message>
</context>
<context>
    <name>panel.selftest</name>
    <message>
        <source>All tests passed</source>
        <translation>Alle Tests bestanden</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>&amp;Erklären</translation>
    </message>
    <message>
        <source>Python packages are missing: the worker is not tested</source>
        <translation>Python-Pakete fehlen: Der Rechenprozess wird nicht getestet</translation>
    </message>
    <message>
        <source>Python packages are missing: the panel is not tested</source>
        <translation>Python-Pakete fehlen: Das Panel wird nicht getestet</translation>
    </message>
</context>
<context>
    <name>scene.answers</name>
    <message>
        <source>Lost of what is asked
about, hidden here</source>
        <translation>Verlust am Gefragten,
hier verdeckt</translation>
    </message>
    <message>
        <source>Lost when the
place is hidden</source>
        <translation>Verlust, wenn die
Stelle verdeckt ist</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more, so that nothing can be shown on it.</source>
        <translation>Der Scan dieses Laufs ist nicht mehr in der Szene, daher kann nichts darauf gezeigt werden.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Ein Ergebnis liegt nicht im Scan; wurde der Scan inzwischen geändert? Erklären Sie noch einmal.</translation>
    </message>
</context>
<context>
    <name>scene.between</name>
    <message>
        <source>hidden</source>
        <translation>verdeckt</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Zwischen Organen</translation>
    </message>
    <message>
        <source>What each structure loses when another is hidden</source>
        <translation>Was jede Struktur verliert, wenn eine andere verdeckt ist</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Verdeckt</translation>
    </message>
    <message>
        <source>Share that is lost</source>
        <translation>Verlorener Anteil</translation>
    </message>
    <message>
        <source>loss of the {structure}</source>
        <translation>Verlust: {structure}</translation>
    </message>
</context>
<context>
    <name>scene.colours</name>
    <message>
        <source>signed</source>
        <translation>mit Vorzeichen</translation>
    </message>
</context>
<context>
    <name>scene.curves</name>
    <message>
        <source>Share of the region</source>
        <translation>Anteil der Region</translation>
    </message>
    <message>
        <source>Deletion</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Random order</source>
        <translation>Zufällige Reihenfolge</translation>
    </message>
    <message>
        <source>Deletion, bare region</source>
        <translation>Entfernen, bloße Region</translation>
    </message>
    <message>
        <source>Insertion, bare region</source>
        <translation>Einfügen, bloße Region</translation>
    </message>
    <message>
        <source>Deletion, organ's shape</source>
        <translation>Entfernen, Form des Organs</translation>
    </message>
    <message>
        <source>Insertion, organ's shape</source>
        <translation>Einfügen, Form des Organs</translation>
    </message>
    <message>
        <source>Share of the region taken away or put back</source>
        <translation>Weggenommener oder zurückgegebener Anteil der Region</translation>
    </message>
    <message>
        <source>{structure}, filled with {fill}</source>
        <translation>{structure}, gefüllt mit {fill}</translation>
    </message>
    <message>
        <source>, slice {slice}</source>
        <translation>, Schicht {slice}</translation>
    </message>
</context>
<context>
    <name>scene.labels</name>
    <message>
        <source>{one} and {other} overlap in {node}. Tick only one of them.</source>
        <translation>{one} und {other} überlappen in {node}. Haken Sie nur eine davon an.</translation>
    </message>
    <message>
        <source>{node} has no segment called {structure}; it has {names}. Rename the segment, or untick {structure}.</source>
        <translation>{node} hat kein Segment namens {structure}, sondern {names}. Benennen Sie das Segment um, oder entfernen Sie den Haken bei {structure}.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
</context>
<context>
    <name>scene.layout</name>
    <message>
        <source>Image</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Salienz</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
</context>
<context>
    <name>scene.legends</name>
    <message>
        <source>Drop of Dice</source>
        <translation>Abfall des Dice</translation>
    </message>
    <message>
        <source>Drop of soft Dice</source>
        <translation>Abfall des weichen Dice</translation>
    </message>
    <message>
        <source>Drop of confidence</source>
        <translation>Abfall der Konfidenz</translation>
    </message>
    <message>
        <source>Mean score</source>
        <translation>Mittlerer Messwert</translation>
    </message>
    <message>
        <source>Score drop</source>
        <translation>Abfall des Messwerts</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Salienz</translation>
    </message>
    <message>
        <source>Share of the rest lost</source>
        <translation>Verlorener Anteil des Rests</translation>
    </message>
    <message>
        <source>Share of the rest of
the {structure} lost</source>
        <translation>Verlorener Anteil des Rests,
{structure}</translation>
    </message>
    <message>
        <source>1: the largest of each</source>
        <translation>1: der größte von jedem</translation>
    </message>
    <message>
        <source>1 stands for {largest}</source>
        <translation>1 steht für {largest}</translation>
    </message>
</context>
<context>
    <name>scene.nodes</name>
    <message>
        <source>region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>provenance</source>
        <translation>Herkunft</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>Salienz</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>Messwerte</translation>
    </message>
    <message>
        <source>drop {label}, {image} alone</source>
        <translation>Abfall {label}, nur {image}</translation>
    </message>
    <message>
        <source>drop {label}</source>
        <translation>Abfall {label}</translation>
    </message>
</context>
<context>
    <name>scene.pair</name>
    <message>
        <source>difference</source>
        <translation>Differenz</translation>
    </message>
    <message>
        <source>Second minus first</source>
        <translation>Zweite minus erste</translation>
    </message>
    <message>
        <source>2 minus 1</source>
        <translation>2 minus 1</translation>
    </message>
    <message>
        <source>Predictions: 1 outlined, 2 filled</source>
        <translation>Vorhersagen: 1 umrandet, 2 gefüllt</translation>
    </message>
    <message>
        <source>These are one run. Choose another one to put beside it.</source>
        <translation>Das ist ein und derselbe Lauf. Wählen Sie einen anderen zum Danebenstellen.</translation>
    </message>
    <message>
        <source>These two runs share no structure. Choose two runs on the same one.</source>
        <translation>Diese beiden Läufe haben keine gemeinsame Struktur. Wählen Sie zwei Läufe zu derselben.</translation>
    </message>
    <message>
        <source>a scan that is gone</source>
        <translation>einem Scan, der fehlt</translation>
    </message>
    <message>
        <source>Share of its own
largest value</source>
        <translation>Anteil am eigenen
größten Wert</translation>
    </message>
    <message>
        <source>1: {name}</source>
        <translation>1: {name}</translation>
    </message>
    <message>
        <source>2: {name}</source>
        <translation>2: {name}</translation>
    </message>
    <message>
        <source>These are runs on different scans ({first}, {second}). Choose two runs on one scan.</source>
        <translation>Diese Läufe gehören zu verschiedenen Scans ({first}, {second}). Wählen Sie zwei Läufe auf einem Scan.</translation>
    </message>
</context>
<context>
    <name>scene.preview</name>
    <message>
        <source>No slice was looked at. Choose slices that lie inside the scan.</source>
        <translation>Keine Schicht wurde betrachtet. Wählen Sie Schichten innerhalb des Scans.</translation>
    </message>
    <message>
        <source>Likeness to the words</source>
        <translation>Ähnlichkeit mit den Worten</translation>
    </message>
    <message>
        <source>Region preview</source>
        <translation>Vorschau der Region</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>Similarity preview</source>
        <translation>Vorschau der Ähnlichkeit</translation>
    </message>
</context>
<context>
    <name>scene.results</name>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Das Ergebnis liegt nicht auf dem Gitter des Scans; wurde der Scan inzwischen geändert? Erklären Sie noch einmal.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Ein Ergebnis liegt nicht im Scan; wurde der Scan inzwischen geändert? Erklären Sie noch einmal.</translation>
    </message>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile?</source>
        <translation>Das Ergebnis liegt nicht auf dem Gitter des Scans; wurde der Scan inzwischen geändert?</translation>
    </message>
    <message>
        <source>{folder} is incomplete ({reason}). Explain again.</source>
        <translation>{folder} ist unvollständig ({reason}). Erklären Sie noch einmal.</translation>
    </message>
</context>
<context>
    <name>scene.sampledata</name>
    <message>
        <source>Explaining segmentation models (XAICLIP)</source>
        <translation>Segmentierungsmodelle erklären (XAICLIP)</translation>
    </message>
</context>
<context>
    <name>scene.saving</name>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>Slicers DICOM-Datenbank ist nicht offen; öffnen Sie einmal das DICOM-Modul, oder speichern Sie in einen Ordner.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database did not take the objects; save them to a folder instead.</source>
        <translation>Slicers DICOM-Datenbank hat die Objekte nicht angenommen; speichern Sie sie stattdessen in einen Ordner.</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} wurde nicht geschrieben</translation>
    </message>
</context>
<context>
    <name>scene.volumes</name>
    <message>
        <source>No scan is chosen. Load a CT or MR volume and choose it as the scan.</source>
        <translation>Kein Scan ist gewählt. Laden Sie ein CT- oder MR-Volumen und wählen Sie es als Scan.</translation>
    </message>
    <message>
        <source>No segment is chosen as the region. Choose a segmentation and a segment.</source>
        <translation>Kein Segment ist als Region gewählt. Wählen Sie eine Segmentierung und ein Segment.</translation>
    </message>
    <message>
        <source>The region box is not placed yet. Place a markups ROI around the region.</source>
        <translation>Die Box der Region ist noch nicht gesetzt. Setzen Sie eine Markups-ROI um die Region.</translation>
    </message>
    <message>
        <source>No point is placed yet. Place a markups point inside the structure.</source>
        <translation>Noch kein Punkt ist gesetzt. Setzen Sie einen Markups-Punkt in die Struktur.</translation>
    </message>
    <message>
        <source>{name} is no scan (it is a {kind}). Choose a CT or MR volume.</source>
        <translation>{name} ist kein Scan (sondern {kind}). Wählen Sie ein CT- oder MR-Volumen.</translation>
    </message>
    <message>
        <source>{name} is empty: it has no voxels. Choose another scan or load it again.</source>
        <translation>{name} ist leer: Es hat keine Voxel. Wählen Sie einen anderen Scan oder laden Sie ihn neu.</translation>
    </message>
    <message>
        <source>{name} has {count} values per voxel (a colour, vector or time series). Extract one channel or time point as a scalar volume and choose that.</source>
        <translation>{name} hat {count} Werte je Voxel (Farbe, Vektor oder Zeitreihe). Extrahieren Sie einen Kanal oder Zeitpunkt als skalares Volumen und wählen Sie dieses.</translation>
    </message>
    <message>
        <source>{name} is under a non-linear transform ({transform}). Harden the transform on a copy of the scan (Transforms module), or take the scan out of it.</source>
        <translation>{name} steht unter einer nichtlinearen Transformation ({transform}). Wenden Sie die Transformation auf eine Kopie des Scans fest an (Modul Transforms), oder nehmen Sie den Scan heraus.</translation>
    </message>
    <message>
        <source>{name} has axes that are not at right angles. Resample it (Resample Scalar Volume) first.</source>
        <translation>{name} hat Achsen, die nicht rechtwinklig sind. Führen Sie zuerst ein Resampling durch (Resample Scalar Volume).</translation>
    </message>
    <message>
        <source>{path} could not be written. Free some disk space, or set another temporary folder in the settings.</source>
        <translation>{path} konnte nicht geschrieben werden. Schaffen Sie Speicherplatz, oder setzen Sie in den Einstellungen einen anderen temporären Ordner.</translation>
    </message>
    <message>
        <source>The segment {segment} is empty inside {scan}. Paint it in the Segment Editor or choose another region.</source>
        <translation>Das Segment {segment} ist in {scan} leer. Zeichnen Sie es im Segment-Editor, oder wählen Sie eine andere Region.</translation>
    </message>
    <message>
        <source>{path} could not be read. Explain again.</source>
        <translation>{path} konnte nicht gelesen werden. Erklären Sie noch einmal.</translation>
    </message>
</context>
<context>
    <name>scene.words</name>
    <message>
        <source>occlusion</source>
        <translation>Okklusion</translation>
    </message>
    <message>
        <source>hierarchical</source>
        <translation>hierarchisch</translation>
    </message>
</context>
<context>
    <name>sections.advanced</name>
    <message>
        <source>Everything else is set as recommended.</source>
        <translation>Alles andere ist eingestellt wie empfohlen.</translation>
    </message>
    <message>
        <source>kind of model: {value}</source>
        <translation>Art des Modells: {value}</translation>
    </message>
    <message>
        <source>method: {value}</source>
        <translation>Methode: {value}</translation>
    </message>
    <message>
        <source>quality: {value}</source>
        <translation>Qualität: {value}</translation>
    </message>
    <message>
        <source>fill: {value}</source>
        <translation>Füllung: {value}</translation>
    </message>
    <message>
        <source>measure: {value}</source>
        <translation>Maß: {value}</translation>
    </message>
    <message>
        <source>modality: {value}</source>
        <translation>Modalität: {value}</translation>
    </message>
    <message>
        <source>contrast: {value}</source>
        <translation>Kontrast: {value}</translation>
    </message>
    <message>
        <source>each organ is hidden, too</source>
        <translation>auch jedes Organ wird verdeckt</translation>
    </message>
    <message>
        <source>learned words</source>
        <translation>gelernte Worte</translation>
    </message>
    <message>
        <source>Differs from what is recommended: {changes}.</source>
        <translation>Weicht von der Empfehlung ab: {changes}.</translation>
    </message>
    <message>
        <source>reference: {value}</source>
        <translation>Referenz: {value}</translation>
    </message>
    <message>
        <source>computed on: {value}</source>
        <translation>gerechnet auf: {value}</translation>
    </message>
    <message>
        <source>seed: {value}</source>
        <translation>Startwert: {value}</translation>
    </message>
    <message>
        <source>region: {value}</source>
        <translation>Region: {value}</translation>
    </message>
    <message>
        <source>margin: {value} mm</source>
        <translation>Rand: {value} mm</translation>
    </message>
    <message>
        <source>language model: {value}</source>
        <translation>Sprachmodell: {value}</translation>
    </message>
    <message>
        <source>comparison: {value}</source>
        <translation>Vergleich: {value}</translation>
    </message>
    <message>
        <source>threshold: {value}</source>
        <translation>Schwelle: {value}</translation>
    </message>
    <message>
        <source>smoothing: {value} px</source>
        <translation>Glättung: {value} px</translation>
    </message>
</context>
<context>
    <name>sections.answer</name>
    <message>
        <source>A&amp;nswer</source>
        <translation>Antw&amp;ort</translation>
    </message>
    <message>
        <source>What the run says, how it was tested, and the numbers.</source>
        <translation>Was der Lauf sagt, wie es geprüft wurde, und die Zahlen.</translation>
    </message>
</context>
<context>
    <name>sections.ask</name>
    <message>
        <source>As&amp;k</source>
        <translation>Fr&amp;age</translation>
    </message>
    <message>
        <source>Ask about any place: why it is drawn, and what hangs on it. No model is run.</source>
        <translation>Nach einer beliebigen Stelle fragen: warum sie eingezeichnet ist und was von ihr abhängt. Das Modell wird nicht ausgeführt.</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view.</source>
        <translation>Fahren Sie mit der Maus über eine Schichtansicht.</translation>
    </message>
    <message>
        <source>Rows were hidden, columns show what share of each structure was lost.</source>
        <translation>Zeilen wurden verdeckt; Spalten zeigen, welcher Anteil jeder Struktur verloren ging.</translation>
    </message>
    <message>
        <source>Why is this drawn here?</source>
        <translation>Warum ist das hier eingezeichnet?</translation>
    </message>
    <message>
        <source>What hangs on this place?</source>
        <translation>Was hängt von dieser Stelle ab?</translation>
    </message>
    <message>
        <source>What is drawn there</source>
        <translation>Was dort eingezeichnet ist</translation>
    </message>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Es gibt noch keinen Lauf. Drücken Sie zuerst „Erklären“.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Move the mouse over the patient.</source>
        <translation>Diese Stelle liegt außerhalb des Scans. Fahren Sie mit der Maus über den Patienten.</translation>
    </message>
    <message>
        <source>A run is under way. Ask again when it has ended.</source>
        <translation>Ein Lauf ist im Gang. Fragen Sie wieder, wenn er beendet ist.</translation>
    </message>
    <message>
        <source>Choose a question…</source>
        <translation>Frage wählen…</translation>
    </message>
</context>
<context>
    <name>sections.compare</name>
    <message>
        <source>C&amp;ompare</source>
        <translation>Ve&amp;rgleich</translation>
    </message>
    <message>
        <source>Two runs on one scan side by side, with the difference of their maps.</source>
        <translation>Zwei Läufe auf einem Scan nebeneinander, mit der Differenz ihrer Karten.</translation>
    </message>
    <message>
        <source>method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>region</source>
        <translation>Region</translation>
    </message>
    <message>
        <source>margin (mm)</source>
        <translation>Rand (mm)</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>Füllung</translation>
    </message>
    <message>
        <source>patch</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>Schrittweite</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>Stichproben</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>Gitter</translation>
    </message>
    <message>
        <source>score</source>
        <translation>Messwert</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>structures</source>
        <translation>Strukturen</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>Modalität</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>Kontrast</translation>
    </message>
    <message>
        <source>There is no other run on this scan. Explain once more, with another setting.</source>
        <translation>Es gibt keinen anderen Lauf auf diesem Scan. Erklären Sie noch einmal, mit anderer Einstellung.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Vergleichen…</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>nicht gesetzt</translation>
    </message>
    <message>
        <source>{name}: {first} in 1, {second} in 2</source>
        <translation>{name}: {first} in 1, {second} in 2</translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation>Nichts.</translation>
    </message>
    <message>
        <source>1: {answer}</source>
        <translation>1: {answer}</translation>
    </message>
    <message>
        <source>2: {answer}</source>
        <translation>2: {answer}</translation>
    </message>
</context>
<context>
    <name>sections.curves</name>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>Entfernungs- und Einfügekurven unter den Ansichten: der Messwert, während die Region in der Reihenfolge der Karte weggenommen oder zurückgegeben wird. Lösen stellt das eigene Layout wieder her.</translation>
    </message>
    <message>
        <source>This run was stopped before its map was tested, so that there are no curves.</source>
        <translation>Dieser Lauf wurde abgebrochen, bevor seine Karte geprüft war; daher gibt es keine Kurven.</translation>
    </message>
</context>
<context>
    <name>sections.display</name>
    <message>
        <source>What supports the model's drawing</source>
        <translation>Was die Einzeichnung des Modells stützt</translation>
    </message>
    <message>
        <source>Displa&amp;y</source>
        <translation>An&amp;zeige</translation>
    </message>
    <message>
        <source>Which map is shown, in which colors, and from which value on.</source>
        <translation>Welche Karte gezeigt wird, in welchen Farben und ab welchem Wert.</translation>
    </message>
    <message>
        <source>Signed drop of the score: {structure}</source>
        <translation>Abfall des Messwerts mit Vorzeichen: {structure}</translation>
    </message>
    <message>
        <source>What the rest of the structure depends on</source>
        <translation>Wovon der Rest der Struktur abhängt</translation>
    </message>
    <message>
        <source>What each structure depends on</source>
        <translation>Wovon jede Struktur abhängt</translation>
    </message>
    <message>
        <source>below a drop of {drop}; one scale for all slices</source>
        <translation>unter einem Abfall von {drop}; eine Skala für alle Schichten</translation>
    </message>
    <message>
        <source>below {share} of each slice's largest value: slices can't be compared</source>
        <translation>unter {share} des größten Werts jeder Schicht: Schichten sind nicht vergleichbar</translation>
    </message>
    <message>
        <source>below a loss of {loss} of the rest; one scale for all slices</source>
        <translation>unter einem Verlust von {loss} des Rests; eine Skala für alle Schichten</translation>
    </message>
</context>
<context>
    <name>sections.editing</name>
    <message>
        <source>Finding the region in all chosen slices…</source>
        <translation>Region in allen gewählten Schichten suchen…</translation>
    </message>
    <message>
        <source>The region is a segment now; edit it in the Segment Editor, then come back and press Explain.</source>
        <translation>Die Region ist jetzt ein Segment; bearbeiten Sie es im Segment-Editor, kommen Sie dann zurück und drücken Sie „Erklären“.</translation>
    </message>
    <message>
        <source>Region in {scan}</source>
        <translation>Region in {scan}</translation>
    </message>
</context>
<context>
    <name>sections.explain</name>
    <message>
        <source>Explain {structures} in {scan}, {method}</source>
        <translation>{structures} in {scan} erklären, {method}</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
    <message>
        <source>{share} %, about {time} left</source>
        <translation>{share} %, noch etwa {time}</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>Stop after the current batch; the slices that are finished are kept.</source>
        <translation>Nach dem laufenden Stapel aufhören; fertige Schichten bleiben erhalten.</translation>
    </message>
    <message>
        <source>This model needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>Dieses Modell braucht Python-Pakete, die noch nicht installiert sind: {names} (Download etwa {size} MB).</translation>
    </message>
    <message>
        <source>XAICLIP needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>XAICLIP braucht Python-Pakete, die noch nicht installiert sind: {names} (Download etwa {size} MB).</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installieren</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>Installieren…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Starten…</translation>
    </message>
    <message>
        <source>Starting the worker; this takes a few seconds…</source>
        <translation>Der Rechenprozess startet; das dauert einige Sekunden…</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>Halt nach dem laufenden Stapel…</translation>
    </message>
    <message>
        <source>Stopped after {time}; the slices that were finished are kept.</source>
        <translation>Nach {time} angehalten; fertige Schichten bleiben erhalten.</translation>
    </message>
    <message>
        <source>Done in {time}.</source>
        <translation>Fertig in {time}.</translation>
    </message>
    <message>
        <source>Canc&amp;el</source>
        <translation>Abbre&amp;chen</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>&amp;Erklären</translation>
    </message>
    <message>
        <source>Stop the installation.</source>
        <translation>Die Installation abbrechen.</translation>
    </message>
    <message>
        <source>The packages are installed.</source>
        <translation>Die Pakete sind installiert.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message>
        <source>Explain why the model segments the structures as it does.</source>
        <translation>Erklären, warum das Modell die Strukturen so segmentiert.</translation>
    </message>
    <message>
        <source>{text}…</source>
        <translation>{text}…</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Trotzdem erklären</translation>
    </message>
</context>
<context>
    <name>sections.images</name>
    <message>
        <source>The model takes {count} images and the panel gives {most}; use the console or the command line.</source>
        <translation>Das Modell nimmt {count} Bilder, das Panel gibt höchstens {most}; nutzen Sie die Konsole oder die Kommandozeile.</translation>
    </message>
    <message>
        <source>Choose the image {name}; the volume is the model's {first}.</source>
        <translation>Wählen Sie das Bild {name}; das Volumen ist {first} des Modells.</translation>
    </message>
</context>
<context>
    <name>sections.installed</name>
    <message>
        <source>Looking…</source>
        <translation>Suchen…</translation>
    </message>
    <message>
        <source>Segments {names}</source>
        <translation>Segmentiert {names}</translation>
    </message>
    <message>
        <source>No program has left a model here</source>
        <translation>Kein Programm hat hier ein Modell abgelegt</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Modell wählen</translation>
    </message>
    <message>
        <source>The models that other programs have left on this machine.</source>
        <translation>Die Modelle, die andere Programme auf diesem Rechner abgelegt haben.</translation>
    </message>
    <message>
        <source>{model} can't be explained: {reason}.</source>
        <translation>{model} kann nicht erklärt werden: {reason}.</translation>
    </message>
</context>
<context>
    <name>sections.languagemodel</name>
    <message>
        <source>on this computer</source>
        <translation>auf diesem Rechner</translation>
    </message>
    <message>
        <source>not on this computer yet</source>
        <translation>noch nicht auf diesem Rechner</translation>
    </message>
    <message>
        <source>Wait until the language model is downloaded.</source>
        <translation>Warten Sie, bis das Sprachmodell heruntergeladen ist.</translation>
    </message>
    <message>
        <source>Download the language model first, or choose the bundled one.</source>
        <translation>Laden Sie zuerst das Sprachmodell herunter, oder wählen Sie das mitgelieferte.</translation>
    </message>
    <message>
        <source>Downloading…</source>
        <translation>Herunterladen…</translation>
    </message>
    <message>
        <source>{title}. Licence: {licence}; {place}.</source>
        <translation>{title}. Lizenz: {licence}; {place}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop the download; nothing of it is kept.</source>
        <translation>Den Download abbrechen; nichts davon bleibt.</translation>
    </message>
    <message>
        <source>see its source</source>
        <translation>siehe Quelle</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>{name} is not on this computer. Download fetches it from {source}; or choose another one.</source>
        <translation>{name} ist nicht auf diesem Rechner. „Herunterladen“ holt es von {source}; oder wählen Sie ein anderes.</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {total} MB</source>
        <translation>{name} herunterladen: {done} von {total} MB</translation>
    </message>
    <message>
        <source>Download it once from {source}; it is kept in {folder}. Nothing is uploaded.</source>
        <translation>Einmal von {source} herunterladen; es bleibt in {folder}. Nichts wird hochgeladen.</translation>
    </message>
    <message>
        <source>Download {size} MB</source>
        <translation>{size} MB herunterladen</translation>
    </message>
</context>
<context>
    <name>sections.learning</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Haken Sie mindestens eine Struktur an.</translation>
    </message>
    <message>
        <source>Choose the segmentation to learn from.</source>
        <translation>Wählen Sie die Segmentierung, aus der gelernt werden soll.</translation>
    </message>
    <message>
        <source>Keep the learned prompts in</source>
        <translation>Gelernte Vorgaben ablegen in</translation>
    </message>
    <message>
        <source>Learned prompts (*.safetensors)</source>
        <translation>Gelernte Vorgaben (*.safetensors)</translation>
    </message>
    <message>
        <source>Learning; this takes some minutes…</source>
        <translation>Lernen; das dauert einige Minuten…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Learn…</source>
        <translation>Lernen…</translation>
    </message>
    <message>
        <source>Stop learning; nothing is written.</source>
        <translation>Lernen abbrechen; nichts wird geschrieben.</translation>
    </message>
    <message>
        <source>Stopped; nothing was learned.</source>
        <translation>Abgebrochen; nichts wurde gelernt.</translation>
    </message>
    <message>
        <source>learning</source>
        <translation>lernen</translation>
    </message>
    <message>
        <source>{name}: Dice of the region {before} by words, {after} learned, on {count} other slices</source>
        <translation>{name}: Dice der Region {before} mit Worten, {after} gelernt, auf {count} anderen Schichten</translation>
    </message>
    <message>
        <source>In use from {file}.</source>
        <translation>In Gebrauch aus {file}.</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Wählen, wo die gelernten Vorgaben abgelegt werden, und lernen; sie werden sofort benutzt.</translation>
    </message>
    <message>
        <source>{what}, {share} %…</source>
        <translation>{what}, {share} %…</translation>
    </message>
    <message>
        <source>{name}: learned; no other labelled slice is left to measure on</source>
        <translation>{name}: gelernt; keine andere annotierte Schicht ist zum Messen übrig</translation>
    </message>
    <message>
        <source>{name}: no better than its words, so the words are used</source>
        <translation>{name}: nicht besser als die Worte, daher werden die Worte benutzt</translation>
    </message>
</context>
<context>
    <name>sections.matters</name>
    <message>
        <source>W&amp;hat matters</source>
        <translation>Wa&amp;s zählt</translation>
    </message>
    <message>
        <source>Hot spots, worst slices, islands and disagreements; a click goes there.</source>
        <translation>Hotspots, schlechteste Schichten, Inseln und Abweichungen; ein Klick geht dorthin.</translation>
    </message>
    <message>
        <source>Hot spot</source>
        <translation>Hotspot</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>Insel</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Fehlend</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>Zu viel</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>Mitte</translation>
    </message>
    <message>
        <source>Nothing stands out in this run, or it is not finished.</source>
        <translation>In diesem Lauf fällt nichts auf, oder er ist nicht beendet.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Was</translation>
    </message>
    <message>
        <source>From middle</source>
        <translation>Von der Mitte</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Organ</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>Wie viel</translation>
    </message>
    <message>
        <source>Worst slice</source>
        <translation>Schlechteste Schicht</translation>
    </message>
    <message>
        <source>Sensitive slice</source>
        <translation>Empfindliche Schicht</translation>
    </message>
    <message>
        <source>drop {value}</source>
        <translation>Abfall {value}</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more.</source>
        <translation>Der Scan dieses Laufs ist nicht mehr in der Szene.</translation>
    </message>
    <message>
        <source>{structure}: {what}</source>
        <translation>{structure}: {what}</translation>
    </message>
    <message>
        <source>near {organ}</source>
        <translation>nahe {organ}</translation>
    </message>
    <message>
        <source>{value} ml</source>
        <translation>{value} ml</translation>
    </message>
    <message>
        <source>Dice {value}</source>
        <translation>Dice {value}</translation>
    </message>
    <message>
        <source>{mm} mm left of its middle</source>
        <translation>{mm} mm links der Mitte</translation>
    </message>
    <message>
        <source>{mm} mm right of its middle</source>
        <translation>{mm} mm rechts der Mitte</translation>
    </message>
    <message>
        <source>{mm} mm behind it</source>
        <translation>{mm} mm dahinter</translation>
    </message>
    <message>
        <source>{mm} mm in front of it</source>
        <translation>{mm} mm davor</translation>
    </message>
    <message>
        <source>{mm} mm above it</source>
        <translation>{mm} mm darüber</translation>
    </message>
    <message>
        <source>{mm} mm below it</source>
        <translation>{mm} mm darunter</translation>
    </message>
    <message>
        <source>{share} of the rest is lost where it is hidden</source>
        <translation>{share} des Rests geht verloren, wo verdeckt wird</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>Schicht {slice}</translation>
    </message>
    <message>
        <source>{mm} mm in size</source>
        <translation>{mm} mm groß</translation>
    </message>
</context>
<context>
    <name>sections.method</name>
    <message>
        <source>the model's own prediction is {tiles} tiles, about {time}</source>
        <translation>die eigene Vorhersage des Modells sind {tiles} Kacheln, etwa {time}</translation>
    </message>
    <message>
        <source>{structure}: segment “{segment}”</source>
        <translation>{structure}: Segment „{segment}“</translation>
    </message>
    <message>
        <source>Nothing to explain: the model finds none of the structures in these slices.</source>
        <translation>Nichts zu erklären: Das Modell findet in diesen Schichten keine der Strukturen.</translation>
    </message>
    <message>
        <source>About {time} for one slice, on {device}.</source>
        <translation>Etwa {time} für eine Schicht, auf {device}.</translation>
    </message>
    <message>
        <source>About {time} for {slices} slices, on {device}.</source>
        <translation>Etwa {time} für {slices} Schichten, auf {device}.</translation>
    </message>
    <message>
        <source>1 s</source>
        <translation>1 s</translation>
    </message>
    <message>
        <source>{each} of {full} patches in each slice</source>
        <translation>{each} von {full} Feldern je Schicht</translation>
    </message>
    <message>
        <source>at most {each} of {full} patches in each slice</source>
        <translation>höchstens {each} von {full} Feldern je Schicht</translation>
    </message>
    <message>
        <source>{each} masks for each slice</source>
        <translation>{each} Masken je Schicht</translation>
    </message>
    <message>
        <source>{each} samples for each slice</source>
        <translation>{each} Stichproben je Schicht</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>der CPU</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>Estimating the time…</source>
        <translation>Zeit wird geschätzt…</translation>
    </message>
    <message>
        <source>The time is known once the Python packages are installed; press Explain for that.</source>
        <translation>Die Zeit ist bekannt, sobald die Python-Pakete installiert sind; drücken Sie dafür „Erklären“.</translation>
    </message>
    <message>
        <source>{text}…</source>
        <translation>{text}…</translation>
    </message>
</context>
<context>
    <name>sections.model</name>
    <message>
        <source>The licence of this model forbids commercial use. {licence}. Your answer is remembered.</source>
        <translation>Die Lizenz dieses Modells verbietet kommerzielle Nutzung. {licence}. Ihre Antwort wird gemerkt.</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>Das Segmentierungsmodell, das erklärt werden soll.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Prozessor (CPU)</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Apple-Grafik (MPS)</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Den Ordner des Modells wählen</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>Modell wird geöffnet…</translation>
    </message>
    <message>
        <source>I accept</source>
        <translation>Ich stimme zu</translation>
    </message>
    <message>
        <source>Segments what the box of the region, or the prompt, points at.</source>
        <translation>Segmentiert, worauf die Box der Region oder die Vorgabe zeigt.</translation>
    </message>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Wählen Sie Datei oder Ordner des Modells.</translation>
    </message>
    <message>
        <source>Does not name what it segments: its channels are taken for the chosen structures, in order.</source>
        <translation>Nennt nicht, was es segmentiert: Seine Kanäle gelten der Reihe nach als die gewählten Strukturen.</translation>
    </message>
    <message>
        <source>Segments {names}.</source>
        <translation>Segmentiert {names}.</translation>
    </message>
    <message>
        <source>Takes {images}.</source>
        <translation>Nimmt {images}.</translation>
    </message>
    <message>
        <source>Graphics card ({device})</source>
        <translation>Grafikkarte ({device})</translation>
    </message>
</context>
<context>
    <name>sections.region</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Haken Sie mindestens eine Struktur an.</translation>
    </message>
    <message>
        <source>Choose the segment that is the region.</source>
        <translation>Wählen Sie das Segment, das die Region ist.</translation>
    </message>
    <message>
        <source>Choose or create the box that is the region.</source>
        <translation>Wählen oder erstellen Sie die Box, die die Region ist.</translation>
    </message>
    <message>
        <source>Draw the box first: it has no size yet.</source>
        <translation>Zeichnen Sie zuerst die Box: Sie hat noch keine Größe.</translation>
    </message>
    <message>
        <source>Found nothing in slice {slice}.</source>
        <translation>In Schicht {slice} nichts gefunden.</translation>
    </message>
    <message>
        <source>Slice {slice}: {share} of the slice</source>
        <translation>Schicht {slice}: {share} der Schicht</translation>
    </message>
    <message>
        <source>Starting the worker; the first region takes a few seconds…</source>
        <translation>Der Rechenprozess startet; die erste Region dauert einige Sekunden…</translation>
    </message>
    <message>
        <source>, holds {recall} of the model's prediction</source>
        <translation>, enthält {recall} der Modellvorhersage</translation>
    </message>
</context>
<context>
    <name>sections.save</name>
    <message>
        <source>The run could not be saved to {folder} ({reason}); choose another folder or free some space.</source>
        <translation>Der Lauf konnte nicht in {folder} gespeichert werden ({reason}); wählen Sie einen anderen Ordner oder schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>Save the run to a folder</source>
        <translation>Den Lauf in einen Ordner speichern</translation>
    </message>
    <message>
        <source>The report can't be opened: the run is of another session, and {where}. Press Explain again.</source>
        <translation>Der Bericht kann nicht geöffnet werden: Der Lauf ist aus einer anderen Sitzung, und {where}. Drücken Sie erneut „Erklären“.</translation>
    </message>
    <message>
        <source>Making the report…</source>
        <translation>Bericht wird erstellt…</translation>
    </message>
    <message>
        <source>Save the run as DICOM to a folder</source>
        <translation>Den Lauf als DICOM in einen Ordner speichern</translation>
    </message>
    <message>
        <source>Writing DICOM objects…</source>
        <translation>DICOM-Objekte werden geschrieben…</translation>
    </message>
    <message>
        <source>Volumes (NRRD), pictures and report…</source>
        <translation>Volumen (NRRD), Bilder und Bericht…</translation>
    </message>
    <message>
        <source>Everything the run has made, to a folder.</source>
        <translation>Alles, was der Lauf gemacht hat, in einen Ordner.</translation>
    </message>
    <message>
        <source>Volumes (NIfTI), pictures and report…</source>
        <translation>Volumen (NIfTI), Bilder und Bericht…</translation>
    </message>
    <message>
        <source>The same, volumes as .nii.gz.</source>
        <translation>Dasselbe, Volumen als .nii.gz.</translation>
    </message>
    <message>
        <source>DICOM objects to a folder…</source>
        <translation>DICOM-Objekte in einen Ordner…</translation>
    </message>
    <message>
        <source>Maps, segmentations, pictures, a report of the numbers and the page as PDF, for an archive.</source>
        <translation>Karten, Segmentierungen, Bilder, ein Bericht der Zahlen und die Seite als PDF, für ein Archiv.</translation>
    </message>
    <message>
        <source>DICOM objects into Slicer's database</source>
        <translation>DICOM-Objekte in Slicers Datenbank</translation>
    </message>
    <message>
        <source>The same objects, beside the scan in the DICOM module.</source>
        <translation>Dieselben Objekte, neben dem Scan im DICOM-Modul.</translation>
    </message>
    <message>
        <source>Scene…</source>
        <translation>Szene…</translation>
    </message>
    <message>
        <source>Slicer's own dialog: the whole scene with the runs in it.</source>
        <translation>Slicers eigener Dialog: die ganze Szene mit den Läufen darin.</translation>
    </message>
    <message>
        <source>it was not saved</source>
        <translation>er wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>The report is open in the browser; Save keeps it.</source>
        <translation>Der Bericht ist im Browser offen; „Speichern“ behält ihn.</translation>
    </message>
    <message>
        <source>Saved to {folder}</source>
        <translation>In {folder} gespeichert</translation>
    </message>
    <message>
        <source>The volumes are saved, but not the pictures: {reason}</source>
        <translation>Die Volumen sind gespeichert, die Bilder aber nicht: {reason}</translation>
    </message>
    <message>
        <source>its report is not in {folder} any more</source>
        <translation>sein Bericht ist nicht mehr in {folder}</translation>
    </message>
    <message>
        <source>The report could not be made: {reason}</source>
        <translation>Der Bericht konnte nicht erstellt werden: {reason}</translation>
    </message>
    <message>
        <source>Saved to {folder}, with pictures.</source>
        <translation>In {folder} gespeichert, mit Bildern.</translation>
    </message>
    <message>
        <source>DICOM objects are in {folder}</source>
        <translation>DICOM-Objekte liegen in {folder}</translation>
    </message>
    <message>
        <source>{count} DICOM objects are in Slicer's database, beside the scan.</source>
        <translation>{count} DICOM-Objekte liegen in Slicers Datenbank, neben dem Scan.</translation>
    </message>
    <message>
        <source>The pictures could not be saved: {reason}</source>
        <translation>Die Bilder konnten nicht gespeichert werden: {reason}</translation>
    </message>
</context>
<context>
    <name>sections.scan</name>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Erste und letzte axiale Schicht, von den Füßen an gezählt. Die axiale Ansicht folgt dem Ende, das bewegt wird.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
</context>
<context>
    <name>sections.scenesource</name>
    <message>
        <source>Looking for the model that made the segment…</source>
        <translation>Das Modell, das das Segment gemacht hat, wird gesucht…</translation>
    </message>
    <message>
        <source>Nothing in the scene says which model made {segmentation}: choose its file or folder above.</source>
        <translation>Nichts in der Szene sagt, welches Modell {segmentation} gemacht hat: Wählen Sie oben seine Datei oder seinen Ordner.</translation>
    </message>
    <message>
        <source>Its prediction today is the segment: Dice {dice} in {places}.</source>
        <translation>Seine heutige Vorhersage ist das Segment: Dice {dice} in {places}.</translation>
    </message>
    <message>
        <source>Its prediction today is not the segment: Dice {dice} in {places}. What is explained is the prediction; the segment was made otherwise, or edited since.</source>
        <translation>Seine heutige Vorhersage ist nicht das Segment: Dice {dice} in {places}. Erklärt wird die Vorhersage; das Segment entstand anders oder wurde seither bearbeitet.</translation>
    </message>
    <message>
        <source>Choose the segment that is to be explained.</source>
        <translation>Wählen Sie das Segment, das erklärt werden soll.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Wählen Sie zuerst einen Scan.</translation>
    </message>
    <message>
        <source>{segmentation} lies on {its}, not on {scan}. Choose {its} as the scan, or another segmentation.</source>
        <translation>{segmentation} liegt auf {its}, nicht auf {scan}. Wählen Sie {its} als Scan, oder eine andere Segmentierung.</translation>
    </message>
    <message>
        <source>{count} of its {total} slices</source>
        <translation>{count} seiner {total} Schichten</translation>
    </message>
    <message>
        <source>{segmentation} lies on another scan than {scan}. Choose its scan, or another segmentation.</source>
        <translation>{segmentation} liegt auf einem anderen Scan als {scan}. Wählen Sie dessen Scan, oder eine andere Segmentierung.</translation>
    </message>
    <message>
        <source>Probably made by {model}, by the names of its segments or the last run on this scan.</source>
        <translation>Vermutlich von {model} gemacht, nach den Namen der Segmente oder dem letzten Lauf auf diesem Scan.</translation>
    </message>
    <message>
        <source>{segmentation} is a result of XAICLIP; choose what a model of yours has made.</source>
        <translation>{segmentation} ist ein Ergebnis von XAICLIP; wählen Sie, was ein Modell von Ihnen gemacht hat.</translation>
    </message>
    <message>
        <source>Made by {model}, as its panel says.</source>
        <translation>Von {model} gemacht, wie dessen Panel sagt.</translation>
    </message>
    <message>
        <source>Comparing its prediction with the segment…</source>
        <translation>Vorhersage und Segment werden verglichen…</translation>
    </message>
</context>
<context>
    <name>sections.structures</name>
    <message>
        <source>Chosen: {names}</source>
        <translation>Gewählt: {names}</translation>
    </message>
    <message>
        <source>The model does not segment it: its region can be shown, but not explained.</source>
        <translation>Das Modell segmentiert sie nicht: Ihre Region kann gezeigt, aber nicht erklärt werden.</translation>
    </message>
</context>
<context>
    <name>sources.menus</name>
    <message>
        <source>Explain with XAICLIP</source>
        <translation>Mit XAICLIP erklären</translation>
    </message>
    <message>
        <source>Ask the model that made this segment why it drew it.</source>
        <translation>Das Modell, das dieses Segment gemacht hat, fragen, warum es das eingezeichnet hat.</translation>
    </message>
    <message>
        <source>Choose a segment first.</source>
        <translation>Wählen Sie zuerst ein Segment.</translation>
    </message>
</context>
<context>
    <name>worker.client</name>
    <message>
        <source>the worker stopped unexpectedly ({reason}); it starts again with the next request</source>
        <translation>der Rechenprozess endete unerwartet ({reason}); er startet mit der nächsten Anfrage neu</translation>
    </message>
    <message>
        <source>it crashed or was killed</source>
        <translation>er ist abgestürzt oder wurde beendet</translation>
    </message>
    <message>
        <source>the worker was stopped</source>
        <translation>der Rechenprozess wurde angehalten</translation>
    </message>
    <message>
        <source>{program} can't be started: {text}</source>
        <translation>{program} kann nicht gestartet werden: {text}</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>Exit-Code {code}</translation>
    </message>
</context>
<context>
    <name>worker.dicom</name>
    <message>
        <source>DICOM objects are made from a run of this session: press Explain again.</source>
        <translation>DICOM-Objekte werden aus einem Lauf dieser Sitzung gemacht: Drücken Sie erneut „Erklären“.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>Slicers DICOM-Datenbank ist nicht offen; öffnen Sie einmal das DICOM-Modul, oder speichern Sie in einen Ordner.</translation>
    </message>
</context>
<context>
    <name>worker.errors</name>
    <message>
        <source>these Python packages are missing: {names}; install them in the panel of XAICLIP</source>
        <translation>diese Python-Pakete fehlen: {names}; installieren Sie sie im Panel von XAICLIP</translation>
    </message>
    <message>
        <source>the worker failed without a message; see the log</source>
        <translation>der Rechenprozess scheiterte ohne Meldung; siehe Protokoll</translation>
    </message>
    <message>
        <source>Look in: The whole slice</source>
        <translation>Suchen in: Die ganze Schicht</translation>
    </message>
    <message>
        <source>Look in: The model's own prediction</source>
        <translation>Suchen in: Die Vorhersage des Modells selbst</translation>
    </message>
    <message>
        <source>Look in</source>
        <translation>Suchen in</translation>
    </message>
    <message>
        <source>Modality under Advanced</source>
        <translation>Modalität unter „Erweitert“</translation>
    </message>
    <message>
        <source>Language model: bundled</source>
        <translation>Sprachmodell: mitgeliefert</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Strukturen</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referenz</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Vorgabe</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Trotzdem erklären</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Frage</translation>
    </message>
    <message>
        <source>{sentence}.</source>
        <translation>{sentence}.</translation>
    </message>
</context>
<context>
    <name>worker.installation</name>
    <message>
        <source>the installer of the extension PyTorch does not fit this version of pip. Update that extension, or install PyTorch with its module PyTorch Utils, then try again.</source>
        <translation>die Installation der Erweiterung PyTorch passt nicht zu dieser Version von pip. Aktualisieren Sie die Erweiterung, oder installieren Sie PyTorch mit ihrem Modul PyTorch Utils, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>the disk is full. Free some space, then try again.</source>
        <translation>der Datenträger ist voll. Schaffen Sie Platz und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>the package server can't be reached. Check the internet connection and the proxy, then try again.</source>
        <translation>der Paketserver ist nicht erreichbar. Prüfen Sie Internetverbindung und Proxy und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>Slicer's folder can't be written to. Install Slicer in a folder of your own, then try again.</source>
        <translation>in Slicers Ordner kann nicht geschrieben werden. Installieren Sie Slicer in einem eigenen Ordner und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>it does not fit the packages that are there. Update Slicer and its extensions, then try again.</source>
        <translation>es passt nicht zu den vorhandenen Paketen. Aktualisieren Sie Slicer und seine Erweiterungen und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>there is no build for this version of Slicer's Python. Update Slicer, then try again.</source>
        <translation>für diese Python-Version von Slicer gibt es keinen Build. Aktualisieren Sie Slicer und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>kein Grund wurde genannt</translation>
    </message>
    <message>
        <source>The packages need about {needed} MB in {folder}, where {free} MB are free; free some space</source>
        <translation>Die Pakete brauchen etwa {needed} MB in {folder}, wo {free} MB frei sind; schaffen Sie Platz</translation>
    </message>
    <message>
        <source>{package} was installed, but Python does not find it. Restart Slicer, then try again.</source>
        <translation>{package} wurde installiert, aber Python findet es nicht. Starten Sie Slicer neu und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>{package} could not be installed: {reason}</source>
        <translation>{package} konnte nicht installiert werden: {reason}</translation>
    </message>
    <message>
        <source>PyTorch has no current build for Intel code on macOS, and this Slicer is made of that, on Apple processors (Rosetta) too. Use Slicer on Windows or Linux, or XAICLIP's command line with a Python for Apple processors</source>
        <translation>Für Intel-Code unter macOS gibt es von PyTorch keinen aktuellen Build, und dieses Slicer ist daraus gemacht, auch auf Apple-Prozessoren (Rosetta). Nutzen Sie Slicer unter Windows oder Linux, oder die Kommandozeile von XAICLIP mit einem Python für Apple-Prozessoren</translation>
    </message>
    <message>
        <source>The installation was cancelled. What is installed already is kept; Install goes on there.</source>
        <translation>Die Installation wurde abgebrochen. Was schon installiert ist, bleibt; „Installieren“ macht dort weiter.</translation>
    </message>
    <message>
        <source>Another extension is installing packages. Wait until it is done, then try again.</source>
        <translation>Eine andere Erweiterung installiert gerade Pakete. Warten Sie, bis sie fertig ist, und versuchen Sie es dann erneut.</translation>
    </message>
    <message>
        <source>PyTorch comes with the extension PyTorch: install it in the Extensions Manager, restart Slicer.</source>
        <translation>PyTorch kommt mit der Erweiterung PyTorch: Installieren Sie sie im Erweiterungsmanager und starten Sie Slicer neu.</translation>
    </message>
    <message>
        <source>This version of the extension PyTorch is unknown: use its module PyTorch Utils first.</source>
        <translation>Diese Version der Erweiterung PyTorch ist unbekannt: Nutzen Sie zuerst ihr Modul PyTorch Utils.</translation>
    </message>
    <message>
        <source>{line}. The log has the whole story.</source>
        <translation>{line}. Das Protokoll sagt alles.</translation>
    </message>
    <message>
        <source>Installing {package}…</source>
        <translation>{package} wird installiert…</translation>
    </message>
    <message>
        <source>{package}: {done} of {total} MB</source>
        <translation>{package}: {done} von {total} MB</translation>
    </message>
    <message>
        <source>Stopping after {package}…</source>
        <translation>Halt nach {package}…</translation>
    </message>
</context>
<context>
    <name>worker.job</name>
    <message>
        <source>Stopped before the first slice was finished.</source>
        <translation>Angehalten, bevor die erste Schicht fertig war.</translation>
    </message>
    <message>
        <source>The run could not be shown ({kind}: {text}); the application log has the whole story.</source>
        <translation>Der Lauf konnte nicht gezeigt werden ({kind}: {text}); das Protokoll der Anwendung sagt alles.</translation>
    </message>
    <message>
        <source>The slices that were finished are kept.</source>
        <translation>Fertige Schichten bleiben erhalten.</translation>
    </message>
    <message>
        <source>The scan or its result was removed from the scene, so the run was stopped.</source>
        <translation>Der Scan oder sein Ergebnis wurde aus der Szene entfernt, daher wurde der Lauf abgebrochen.</translation>
    </message>
</context>
<context>
    <name>worker.runner</name>
    <message>
        <source>an explanation is already running; cancel it first</source>
        <translation>eine Erklärung läuft bereits; brechen Sie sie zuerst ab</translation>
    </message>
</context>
<context>
    <name>worker.shared_files</name>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Es gibt noch keinen Lauf. Drücken Sie zuerst „Erklären“.</translation>
    </message>
    <message>
        <source>This run kept no record of where its drawing changed. Explain again to ask about single places.</source>
        <translation>Dieser Lauf hat nicht festgehalten, wo sich seine Einzeichnung änderte. Erklären Sie noch einmal, um nach einzelnen Stellen zu fragen.</translation>
    </message>
    <message>
        <source>Nothing can be written to {folder} ({reason}). Free some space or choose another folder in {menu}.</source>
        <translation>In {folder} kann nichts geschrieben werden ({reason}). Schaffen Sie Platz, oder wählen Sie einen anderen Ordner in {menu}.</translation>
    </message>
    <message>
        <source>Edit / Application Settings / Modules</source>
        <translation>Bearbeiten / Anwendungseinstellungen / Module</translation>
    </message>
    <message>
        <source>choose a scan first</source>
        <translation>wählen Sie zuerst einen Scan</translation>
    </message>
    <message>
        <source>The files of the run “{name}” are gone: it is of another session, or not finished. Explain again.</source>
        <translation>Die Dateien des Laufs „{name}“ sind weg: Er ist aus einer anderen Sitzung oder nicht beendet. Erklären Sie noch einmal.</translation>
    </message>
</context>
</TS>
