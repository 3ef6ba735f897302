<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>Anatomy</name>
    <message>
        <source>liver</source>
        <translation>foie</translation>
    </message>
    <message>
        <source>spleen</source>
        <translation>rate</translation>
    </message>
    <message>
        <source>kidneys</source>
        <translation>reins</translation>
    </message>
    <message>
        <source>right kidney</source>
        <translation>rein droit</translation>
    </message>
    <message>
        <source>left kidney</source>
        <translation>rein gauche</translation>
    </message>
    <message>
        <source>gallbladder</source>
        <translation>vésicule biliaire</translation>
    </message>
    <message>
        <source>stomach</source>
        <translation>estomac</translation>
    </message>
    <message>
        <source>pancreas</source>
        <translation>pancréas</translation>
    </message>
    <message>
        <source>adrenal glands</source>
        <translation>surrénales</translation>
    </message>
    <message>
        <source>right adrenal gland</source>
        <translation>surrénale droite</translation>
    </message>
    <message>
        <source>left adrenal gland</source>
        <translation>surrénale gauche</translation>
    </message>
    <message>
        <source>bowel</source>
        <translation>intestin</translation>
    </message>
    <message>
        <source>small bowel</source>
        <translation>intestin grêle</translation>
    </message>
    <message>
        <source>duodenum</source>
        <translation>duodénum</translation>
    </message>
    <message>
        <source>colon</source>
        <translation>côlon</translation>
    </message>
    <message>
        <source>esophagus</source>
        <translation>œsophage</translation>
    </message>
    <message>
        <source>urinary bladder</source>
        <translation>vessie</translation>
    </message>
    <message>
        <source>prostate</source>
        <translation>prostate</translation>
    </message>
    <message>
        <source>uterus</source>
        <translation>utérus</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>cœur</translation>
    </message>
    <message>
        <source>lungs</source>
        <translation>poumons</translation>
    </message>
    <message>
        <source>right lung</source>
        <translation>poumon droit</translation>
    </message>
    <message>
        <source>left lung</source>
        <translation>poumon gauche</translation>
    </message>
    <message>
        <source>trachea</source>
        <translation>trachée</translation>
    </message>
    <message>
        <source>thyroid gland</source>
        <translation>thyroïde</translation>
    </message>
    <message>
        <source>aorta</source>
        <translation>aorte</translation>
    </message>
    <message>
        <source>inferior vena cava</source>
        <translation>veine cave inférieure</translation>
    </message>
    <message>
        <source>superior vena cava</source>
        <translation>veine cave supérieure</translation>
    </message>
    <message>
        <source>portal vein</source>
        <translation>veine porte</translation>
    </message>
    <message>
        <source>pulmonary artery</source>
        <translation>artère pulmonaire</translation>
    </message>
    <message>
        <source>spine</source>
        <translation>rachis</translation>
    </message>
    <message>
        <source>sacrum</source>
        <translation>sacrum</translation>
    </message>
    <message>
        <source>ribs</source>
        <translation>côtes</translation>
    </message>
    <message>
        <source>right rib</source>
        <translation>côte droite</translation>
    </message>
    <message>
        <source>left rib</source>
        <translation>côte gauche</translation>
    </message>
    <message>
        <source>sternum</source>
        <translation>sternum</translation>
    </message>
    <message>
        <source>femurs</source>
        <translation>fémurs</translation>
    </message>
    <message>
        <source>right femur</source>
        <translation>fémur droit</translation>
    </message>
    <message>
        <source>left femur</source>
        <translation>fémur gauche</translation>
    </message>
    <message>
        <source>hip bones</source>
        <translation>os coxaux</translation>
    </message>
    <message>
        <source>right hip bone</source>
        <translation>os coxal droit</translation>
    </message>
    <message>
        <source>left hip bone</source>
        <translation>os coxal gauche</translation>
    </message>
    <message>
        <source>iliopsoas muscles</source>
        <translation>muscles ilio-psoas</translation>
    </message>
    <message>
        <source>right iliopsoas muscle</source>
        <translation>muscle ilio-psoas droit</translation>
    </message>
    <message>
        <source>left iliopsoas muscle</source>
        <translation>muscle ilio-psoas gauche</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>os</translation>
    </message>
    <message>
        <source>muscle</source>
        <translation>muscle</translation>
    </message>
    <message>
        <source>fat</source>
        <translation>graisse</translation>
    </message>
    <message>
        <source>skull</source>
        <translation>crâne</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>cerveau</translation>
    </message>
    <message>
        <source>brain tumour</source>
        <translation>tumeur cérébrale</translation>
    </message>
    <message>
        <source>brain ventricles</source>
        <translation>ventricules cérébraux</translation>
    </message>
    <message>
        <source>cerebellum</source>
        <translation>cervelet</translation>
    </message>
    <message>
        <source>brainstem</source>
        <translation>tronc cérébral</translation>
    </message>
    <message>
        <source>spinal cord</source>
        <translation>moelle épinière</translation>
    </message>
</context>
<context>
    <name>AnswerPart</name>
    <message>
        <source>The other answers of the run.</source>
        <translation>Les autres réponses du calcul.</translation>
    </message>
    <message>
        <source>How far the answers can be trusted, and in which slices they were tested.</source>
        <translation>Jusqu'où se fier aux réponses, et dans quelles coupes elles ont été testées.</translation>
    </message>
    <message>
        <source>What a reader of the result must know.</source>
        <translation>Ce que doit savoir qui lit le résultat.</translation>
    </message>
    <message>
        <source>Num&amp;bers</source>
        <translation>C&amp;hiffres</translation>
    </message>
    <message>
        <source>What was measured, as numbers and curves.</source>
        <translation>Ce qui a été mesuré, en chiffres et en courbes.</translation>
    </message>
    <message>
        <source>Numbers of the run</source>
        <translation>Chiffres du calcul</translation>
    </message>
    <message>
        <source>What was measured in the whole scan and in each slice.</source>
        <translation>Ce qui a été mesuré dans tout l'examen et dans chaque coupe.</translation>
    </message>
    <message>
        <source>What the verdict rests on, as it was measured.</source>
        <translation>Ce sur quoi repose le verdict, tel que mesuré.</translation>
    </message>
    <message>
        <source>C&amp;urves</source>
        <translation>Co&amp;urbes</translation>
    </message>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>Courbes de suppression et d'insertion sous les vues : le score pendant que la région est retirée, ou remise, dans l'ordre de la carte. Relâcher rétablit votre disposition.</translation>
    </message>
    <message>
        <source>Curves o&amp;f:</source>
        <translation>Cour&amp;bes de :</translation>
    </message>
    <message>
        <source>Of which structure, and with what the removed places were filled.</source>
        <translation>De quelle structure, et par quoi les endroits retirés ont été remplacés.</translation>
    </message>
</context>
<context>
    <name>AskPart</name>
    <message>
        <source>A&amp;sk:</source>
        <translation>&amp;Question :</translation>
    </message>
    <message>
        <source>What is asked about the place under the mouse.</source>
        <translation>Ce qui est demandé sur l'endroit sous la souris.</translation>
    </message>
    <message>
        <source>Whose drawing is asked about.</source>
        <translation>Sur le tracé de qui porte la question.</translation>
    </message>
    <message>
        <source>Whose drawing</source>
        <translation>Tracé de qui</translation>
    </message>
    <message>
        <source>Follow the &amp;mouse</source>
        <translation>Suivre la so&amp;uris</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view: each place is asked about, and the answer is shown as a map and a sentence. No model is run.</source>
        <translation>Déplacez la souris sur une vue en coupe : chaque endroit fait l'objet d'une question, et la réponse apparaît sous forme de carte et de phrase. Aucun modèle n'est exécuté.</translation>
    </message>
    <message>
        <source>Only with Shi&amp;ft held</source>
        <translation>Seulement avec &amp;Maj enfoncée</translation>
    </message>
    <message>
        <source>The answer then stays until Shift is held over a view again.</source>
        <translation>La réponse reste alors jusqu'à ce que Maj soit de nouveau enfoncée au-dessus d'une vue.</translation>
    </message>
    <message>
        <source>The answer. Its map lies over the scan.</source>
        <translation>La réponse. Sa carte est superposée à l'examen.</translation>
    </message>
    <message>
        <source>&amp;Back to the map</source>
        <translation>&amp;Retour à la carte</translation>
    </message>
    <message>
        <source>Take the answer away, and show the run's own map again.</source>
        <translation>Enlever la réponse et afficher de nouveau la carte du calcul.</translation>
    </message>
    <message>
        <source>O&amp;r:</source>
        <translation>O&amp;u :</translation>
    </message>
    <message>
        <source>Islands, the boundary, what is missing or extra, and which organ needs which: choose a question to ask it.</source>
        <translation>Îlots, contour, ce qui manque ou est en trop, et quel organe a besoin duquel : choisissez une question pour la poser.</translation>
    </message>
    <message>
        <source>Each row was hidden, each column shows what was lost of it.</source>
        <translation>Chaque ligne a été masquée, chaque colonne montre ce qui en a été perdu.</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Entre organes</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Barres</translation>
    </message>
    <message>
        <source>The same as bars under the views. Release to get your own layout back.</source>
        <translation>La même chose en barres sous les vues. Relâcher rétablit votre disposition.</translation>
    </message>
</context>
<context>
    <name>ComparePart</name>
    <message>
        <source>&amp;With:</source>
        <translation>&amp;Avec :</translation>
    </message>
    <message>
        <source>Another run on the same scan.</source>
        <translation>Un autre calcul sur le même examen.</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>&amp;Côte à côte</translation>
    </message>
    <message>
        <source>Both maps on one scale, their difference and both predictions, in linked views. Release to get your own layout back.</source>
        <translation>Les deux cartes sur une échelle, leur différence et les deux prédictions, dans des vues liées. Relâcher rétablit votre disposition.</translation>
    </message>
    <message>
        <source>In what the two runs differ.</source>
        <translation>En quoi les deux calculs diffèrent.</translation>
    </message>
    <message>
        <source>What the run that is chosen above says.</source>
        <translation>Ce que dit le calcul choisi ci-dessus.</translation>
    </message>
    <message>
        <source>What the other run says.</source>
        <translation>Ce que dit l'autre calcul.</translation>
    </message>
    <message>
        <source>S&amp;et otherwise</source>
        <translation>R&amp;églé autrement</translation>
    </message>
    <message>
        <source>Settings in which the two runs differ.</source>
        <translation>Réglages par lesquels les deux calculs diffèrent.</translation>
    </message>
</context>
<context>
    <name>DisplayPart</name>
    <message>
        <source>Sho&amp;w:</source>
        <translation>A&amp;fficher :</translation>
    </message>
    <message>
        <source>The saliency (0 to 1, one scale for all slices), or the drop of the score with its sign.</source>
        <translation>La saillance (0 à 1, une échelle pour toutes les coupes), ou la baisse signée du score.</translation>
    </message>
    <message>
        <source>&amp;Opacity:</source>
        <translation>&amp;Opacité :</translation>
    </message>
    <message>
        <source>Opacity of the saliency over the scan.</source>
        <translation>Opacité de la saillance sur l'examen.</translation>
    </message>
    <message>
        <source>&amp;Hide below:</source>
        <translation>Mas&amp;quer sous :</translation>
    </message>
    <message>
        <source>Saliency below this value is hidden, in the slices and in 3D.</source>
        <translation>La saillance sous cette valeur est masquée, en coupe et en 3D.</translation>
    </message>
    <message>
        <source>What is hidden, in the unit of the map: the colours have one scale for all slices of a run.</source>
        <translation>Ce qui est masqué, dans l'unité de la carte : les couleurs ont une seule échelle pour toutes les coupes d'un calcul.</translation>
    </message>
    <message>
        <source>Co&amp;lor map:</source>
        <translation>Pa&amp;lette :</translation>
    </message>
    <message>
        <source>Colors of the saliency.</source>
        <translation>Couleurs de la saillance.</translation>
    </message>
    <message>
        <source>Le&amp;gend</source>
        <translation>Lé&amp;gende</translation>
    </message>
    <message>
        <source>Show the color legend in the views.</source>
        <translation>Afficher la légende des couleurs dans les vues.</translation>
    </message>
    <message>
        <source>Per slice</source>
        <translation>Par coupe</translation>
    </message>
    <message>
        <source>One scale of colors for each slice, to see what is weak; else one for all slices of the run, so that they can be compared.</source>
        <translation>Une échelle de couleurs par coupe, pour voir ce qui est faible ; sinon une seule pour toutes les coupes du calcul, afin de pouvoir les comparer.</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>this model has no structure</source>
        <translation>ce modèle n'a pas de structure</translation>
    </message>
    <message>
        <source>it segments:</source>
        <translation>il segmente :</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>did you mean {names}? </source>
        <translation>vouliez-vous dire {names} ? </translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} et {count} autres</translation>
    </message>
    <message>
        <source>the model failed on several images at once ({reason}); it was run on one at a time</source>
        <translation>le modèle a échoué sur plusieurs images à la fois ({reason}) ; il a été exécuté sur une à la fois</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax)</source>
        <translation>(appliquez une sigmoïde ou un softmax)</translation>
    </message>
    <message>
        <source>the model returned complex numbers; return probabilities in [0, 1]</source>
        <translation>le modèle a renvoyé des nombres complexes ; il doit donner des probabilités dans [0, 1]</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for the unperturbed image; check its input</source>
        <translation>le modèle a renvoyé des valeurs NaN ou infinies pour l'image non perturbée ; vérifiez son entrée</translation>
    </message>
    <message>
        <source>instead of labels (leave out its argmax)</source>
        <translation>au lieu de labels (retirez son argmax)</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] {advice}</source>
        <translation>le modèle a renvoyé des valeurs de {low:.3g} à {high:.3g} ; il doit donner des probabilités dans [0, 1] {advice}</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax, or divide by the largest value there can be)</source>
        <translation>(appliquez une sigmoïde ou un softmax, ou divisez par la plus grande valeur possible)</translation>
    </message>
    <message>
        <source>the model's maps are {shape} for an image {spatial}: they are taken to show the same field of view</source>
        <translation>les cartes du modèle sont {shape} pour une image {spatial} : elles sont supposées montrer le même champ</translation>
    </message>
    <message>
        <source>the map's largest value is {value:.3g}, but a score between 0 and 1 can't change by more than 1: it is the error of too few samples for so many places; give more samples, or larger superpixels</source>
        <translation>la plus grande valeur de la carte est {value:.3g}, mais un score entre 0 et 1 ne peut changer de plus de 1 : c'est l'erreur de trop peu d'échantillons pour tant d'endroits ; prenez plus d'échantillons, ou des superpixels plus grands</translation>
    </message>
    <message>
        <source>the reference is empty: there is no segmentation to explain</source>
        <translation>la référence est vide : il n'y a pas de segmentation à expliquer</translation>
    </message>
    <message>
        <source>the map is flat: no perturbation changed the score by more than 0.001; try smaller patches, another fill, LIME, or a soft score (soft_dice, confidence)</source>
        <translation>la carte est plate : aucune perturbation n'a changé le score de plus de 0.001 ; essayez des carrés plus petits, un autre remplissage, LIME, ou un score souple (soft_dice, confidence)</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>zéro</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>moyenne</translation>
    </message>
    <message>
        <source>local_mean</source>
        <translation>moyenne de l'entourage</translation>
    </message>
    <message>
        <source>blur</source>
        <translation>image floutée</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>bruit</translation>
    </message>
    <message>
        <source>inpaint</source>
        <translation>repeint depuis l'entourage</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>inchangé</translation>
    </message>
    <message>
        <source>image</source>
        <translation>image fournie</translation>
    </message>
    <message>
        <source>{samples} samples are few for {count} superpixels, whose values are drawn towards each other for it: give at least {least}, or larger superpixels</source>
        <translation>{samples} échantillons sont peu pour {count} superpixels, dont les valeurs se rapprochent de ce fait : prenez-en au moins {least}, ou des superpixels plus grands</translation>
    </message>
    <message>
        <source>patch {patch} is below 32: single effects get noisy and the run takes longer</source>
        <translation>le carré de {patch} est sous 32 : les effets isolés deviennent bruités et le calcul dure plus</translation>
    </message>
    <message>
        <source>stride {stride} is above half of patch {patch}: the map gets blocky</source>
        <translation>le pas {stride} dépasse la moitié du carré {patch} : la carte devient grossière</translation>
    </message>
    <message>
        <source>the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop</source>
        <translation>l'estimateur RISE brut est le score moyen sous les masques qui gardent un pixel, pas une baisse</translation>
    </message>
    <message>
        <source>the model gives another answer each time it gets the same image (the score changed by {change:.3g}): something in it is random, such as dropout; the map holds that noise</source>
        <translation>le modèle répond autrement chaque fois à la même image (le score a changé de {change:.3g}) : quelque chose y est aléatoire, comme le dropout ; la carte contient ce bruit</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for a perturbed image; choose another fill</source>
        <translation>le modèle a renvoyé des valeurs NaN ou infinies pour une image perturbée ; choisissez un autre remplissage</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g} for a perturbed image; return probabilities in [0, 1] (apply a sigmoid or a softmax)</source>
        <translation>le modèle a renvoyé des valeurs de {low:.3g} à {high:.3g} pour une image perturbée ; il doit donner des probabilités dans [0, 1] (appliquez une sigmoïde ou un softmax)</translation>
    </message>
    <message>
        <source>the model's answer depends on what else is in the batch (the score changed by {change:.3g}), as with batch normalisation in training mode; the map then depends on the batch size: call model.eval(), or give batch_size=1</source>
        <translation>la réponse du modèle dépend de ce qu'il y a d'autre dans le lot (le score a changé de {change:.3g}), comme avec la normalisation par lot en entraînement ; la carte dépend alors de la taille du lot : appelez model.eval(), ou donnez batch_size=1</translation>
    </message>
    <message>
        <source>every superpixel lies less than {share:.0%} in the region; all that meet it are used</source>
        <translation>chaque superpixel est à moins de {share:.0%} dans la région ; tous ceux qui la touchent sont utilisés</translation>
    </message>
    <message>
        <source>the region holds only {count} superpixels; lower scale or min_size for a finer map</source>
        <translation>la région ne contient que {count} superpixels ; baissez scale ou min_size pour une carte plus fine</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} were given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} prend {count} images ({images}), et {given} ont été données ; donnez l'examen pour la première et --channel FILE pour chacune des autres, dans cet ordre (en Python images=[…])</translation>
    </message>
    <message>
        <source>this needs a reference; give a mask or a label map of the scan</source>
        <translation>cela demande une référence ; donnez un masque ou une carte de labels de l'examen</translation>
    </message>
    <message>
        <source>{model} takes one image, and {count} were given; leave out the other channels</source>
        <translation>{model} prend une image, et {count} ont été données ; omettez les autres canaux</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} was given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} prend {count} images ({images}), et {given} a été donnée ; donnez l'examen pour la première et --channel FILE pour chacune des autres, dans cet ordre (en Python images=[…])</translation>
    </message>
    <message>
        <source>the model {model} does not segment</source>
        <translation>le modèle {model} ne segmente pas</translation>
    </message>
    <message>
        <source>{model} segments what a prompt points at, and the region {region} gives none: choose the region clip, a mask or a box, or give a prompt box or points</source>
        <translation>{model} segmente ce qu'une invite désigne, et la région {region} n'en donne pas : choisissez la région clip, un masque ou une boîte, ou donnez une boîte ou des points</translation>
    </message>
    <message>
        <source>it segments</source>
        <translation>il segmente</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}. On one MR scan that was kept from them {what} reached a Dice of {lowest:.2f}; other sequences may be worse</source>
        <translation>les modèles fournis sont faits pour la TDM de l’abdomen ; cet examen est {modality}. Sur un examen IRM qu’ils ne connaissaient pas, le Dice ({what}) était de {lowest:.2f} ; d’autres séquences peuvent être moins bonnes</translation>
    </message>
    <message>
        <source>check that {file} is of this scan and of this structure</source>
        <translation>vérifiez que {file} appartient à cet examen et à cette structure</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} et {second}</translation>
    </message>
    <message>
        <source>{ways}, or say what the scan is (--modality)</source>
        <translation>{ways}, ou dites ce qu'est l'examen (--modality)</translation>
    </message>
    <message>
        <source>nothing was computed: {reasons:; }; give {ways}, or go on with --anyway: the map then counts as not supported</source>
        <translation>rien n'a été calculé : {reasons:; } ; donnez {ways}, ou continuez avec --anyway : la carte compte alors comme non étayée</translation>
    </message>
    <message>
        <source>this scan</source>
        <translation>cet examen</translation>
    </message>
    <message>
        <source>these slices</source>
        <translation>ces coupes</translation>
    </message>
    <message>
        <source>no {structures} in {where}: presence {presence}, as the bundled models see it</source>
        <translation>pas de {structures} dans {where} : présence {presence}, selon les modèles fournis</translation>
    </message>
    <message>
        <source>probably no {structure} in {where}: presence {presence:.2f}</source>
        <translation>probablement pas de {structure} dans {where} : présence {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}, where they are not to be asked for {structures}</source>
        <translation>les modèles fournis sont faits pour la TDM de l’abdomen ; cet examen est {modality}, où il ne faut pas leur demander {structures}</translation>
    </message>
    <message>
        <source>the prompts were learned on {learned}; this scan is {modality}</source>
        <translation>les mots ont été appris sur {learned} ; cet examen est {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned with {windows} window(s): use --vlm-windows {windows}</source>
        <translation>les mots ont été appris avec {windows} fenêtre(s) : utilisez --vlm-windows {windows}</translation>
    </message>
    <message>
        <source>the prompts were learned on images of {size} pixels: use --vlm-size {size}</source>
        <translation>les mots ont été appris sur des images de {size} pixels : utilisez --vlm-size {size}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words</source>
        <translation>les mots ont été appris pour {known} : {others} par de simples mots</translation>
    </message>
    <message>
        <source>if {file} has another numbering than the one that was assumed, name it: FILE:amos, or FILE:{name}=NUMBER</source>
        <translation>si {file} a une autre numérotation que celle supposée, nommez-la : FILE:amos, ou FILE:{name}=NUMBER</translation>
    </message>
    <message>
        <source>a model that was made for this scan (--model)</source>
        <translation>un modèle fait pour cet examen (--model)</translation>
    </message>
    <message>
        <source>another region (--region prediction, full, or a mask)</source>
        <translation>une autre région (--region prediction, toute la coupe, ou un masque)</translation>
    </message>
    <message>
        <source>the model was trained on {trained}; this scan is {modality}</source>
        <translation>le modèle a été entraîné sur {trained} ; cet examen est {modality}</translation>
    </message>
    <message>
        <source>probably no {structure} in slices {slices}: presence at most {presence:.2f}</source>
        <translation>probablement pas de {structure} dans les coupes {slices} : présence au plus {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}</source>
        <translation>les modèles fournis sont faits pour le CT de l'abdomen ; cet examen est {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words (did you mean {near}?)</source>
        <translation>les mots ont été appris pour {known} : {others} par de simples mots (vouliez-vous dire {near} ?)</translation>
    </message>
    <message>
        <source>{word} is in no table of structures and is looked for as it stands{guess}</source>
        <translation>{word} n'est dans aucune table de structures et est cherché tel quel{guess}</translation>
    </message>
    <message>
        <source>the body in these slices is only {width:.0f} mm wide: no abdomen of an adult, which the bundled models were made for; they name organs that are not there</source>
        <translation>le corps ne fait que {width:.0f} mm de large dans ces coupes : ce n'est pas un abdomen d'adulte, pour lequel les modèles fournis sont faits ; ils nomment des organes absents</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>modèle</translation>
    </message>
    <message>
        <source>the words</source>
        <translation>mots</translation>
    </message>
    <message>
        <source>the region holds nothing of the prediction of the {structure}; {advice}</source>
        <translation>{structure} : la région ne contient rien de la prédiction ; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} does not meet the prediction anywhere; {advice}</source>
        <translation>{structure} : la référence ne rencontre nulle part la prédiction ; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} has no prediction in its slices; {advice}</source>
        <translation>{structure} : il n'y a pas de prédiction dans les coupes de la référence ; {advice}</translation>
    </message>
    <message>
        <source>image {number}: {note}</source>
        <translation>image {number} : {note}</translation>
    </message>
    <message>
        <source>the point {x:g}, {y:g}, {z:g} lies outside the scan; give LPS mm inside it</source>
        <translation>le point {x:g}, {y:g}, {z:g} est hors de l'examen ; donnez des mm LPS qui s'y trouvent</translation>
    </message>
    <message>
        <source>the region 'prediction' needs a model; give region clip, a mask or a box</source>
        <translation>la région « prediction » demande un modèle ; donnez la région clip, un masque ou une boîte</translation>
    </message>
    <message>
        <source>slices {slices} lie outside the scan, which has slices 0 to {last} (range 0:{count})</source>
        <translation>les coupes {slices} sont hors de l'examen, qui a les coupes 0 à {last} (plage 0:{count})</translation>
    </message>
    <message>
        <source>; did you mean {word}?</source>
        <translation>; vouliez-vous dire {word} ?</translation>
    </message>
    <message>
        <source>the licence of {model} forbids commercial use: {licence}; if you may use it under that licence, accept it once with: xaiclip models check --accept-licence "{spec}" (in Python open_segmenter("{spec}", accept_licence=True)); that is remembered on this machine</source>
        <translation>la licence de {model} interdit l'usage commercial : {licence} ; si vous pouvez l'utiliser sous cette licence, acceptez-la une fois avec : xaiclip models check --accept-licence "{spec}" (en Python open_segmenter("{spec}", accept_licence=True)) ; c'est retenu sur cet ordinateur</translation>
    </message>
    <message>
        <source>{who} needs the Python package {package}; install it with: {how}</source>
        <translation>{who} a besoin du paquet Python {package} ; installez-le avec : {how}</translation>
    </message>
    <message>
        <source>nothing of {structure} is drawn in this image</source>
        <translation>rien n'est tracé dans cette image ({structure})</translation>
    </message>
    <message>
        <source>nothing was hidden at that place: it lies outside the evaluated region; ask about a place inside it, or run again with a larger region</source>
        <translation>rien n'a été masqué à cet endroit : il est hors de la région évaluée ; interrogez un endroit qui s'y trouve, ou recommencez avec une région plus grande</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first} ou {second}</translation>
    </message>
    <message>
        <source>a place outside the region matters {share:.0%} as much as the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un endroit hors de la région compte {share:.0%} de ce que compte toute la région : prenez une région plus grande, ou toute l'image (--region full), pour le voir</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>ceci dit où est l'organe, pas pourquoi (corrélation de rang {value:.2f} avec une carte qui se passe de modèle)</translation>
    </message>
    <message>
        <source>the map is flat (largest drop {drop:.4f})</source>
        <translation>la carte est plate (plus forte baisse {drop:.4f})</translation>
    </message>
    <message>
        <source>values of the map reach {drop:.2f}, where no score can change by more than {most:g}</source>
        <translation>des valeurs de la carte atteignent {drop:.2f}, alors qu'aucun score ne peut changer de plus de {most:g}</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop, as large as the effect itself: take more samples</source>
        <translation>l'erreur type est de {share:.0%} de la plus forte baisse, aussi grande que l'effet lui-même : prenez plus d'échantillons</translation>
    </message>
    <message>
        <source>the region holds only {share:.0%} of what is explained</source>
        <translation>la région ne contient que {share:.0%} de ce qui est expliqué</translation>
    </message>
    <message>
        <source>the model does not find it: Dice {dice:.2f} of prediction and reference</source>
        <translation>le modèle ne la trouve pas : Dice {dice:.2f} entre prédiction et référence</translation>
    </message>
    <message>
        <source>filling the whole region changes the score by {change:.3f} only</source>
        <translation>masquer toute la région ne change le score que de {change:.3f}</translation>
    </message>
    <message>
        <source>with random weights the map looks the same (rank correlation {value:.2f})</source>
        <translation>avec des poids aléatoires la carte est la même (corrélation de rang {value:.2f})</translation>
    </message>
    <message>
        <source>a place outside the region matters {times:.1f} times the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un endroit hors de la région compte {times:.1f} fois toute la région : prenez une région plus grande, ou toute l'image (--region full), pour le voir</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model): the remote map and `xaiclip ask` show what the rest of it hangs on</source>
        <translation>ceci dit où est l'organe, pas pourquoi (corrélation de rang {value:.2f} avec une carte qui se passe de modèle) : la carte sans ce qui est masqué et `xaiclip ask` montrent de quoi dépend le reste</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} when it is run again, {share:.0%} of the largest drop</source>
        <translation>le score de la même image change de {change:.3g} quand on la relance, soit {share:.0%} de la plus forte baisse</translation>
    </message>
    <message>
        <source>the effects are small: the largest drop is {drop:.3f} of a score of {score:.2f}, so that the map has little to say</source>
        <translation>les effets sont petits : la plus forte baisse est de {drop:.3f} pour un score de {score:.2f}, la carte dit donc peu</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop</source>
        <translation>l'erreur type est de {share:.0%} de la plus forte baisse</translation>
    </message>
    <message>
        <source>{count} evaluations are few for a map</source>
        <translation>{count} exécutions du modèle sont peu pour une carte</translation>
    </message>
    <message>
        <source>the model finds it in part: Dice {dice:.2f} of prediction and reference</source>
        <translation>le modèle la trouve en partie : Dice {dice:.2f} entre prédiction et référence</translation>
    </message>
    <message>
        <source>not all tests were made: {reason}</source>
        <translation>tous les tests n'ont pas été faits : {reason}</translation>
    </message>
    <message>
        <source>the effects are small: filling the whole region changes a score of {score:.2f} by {change:.3f}</source>
        <translation>les effets sont petits : masquer toute la région change un score de {score:.2f} de {change:.3f}</translation>
    </message>
    <message>
        <source>little better than a random order: insertion − deletion {share:.0%} of the room</source>
        <translation>à peine mieux qu'un ordre au hasard : insertion − suppression {share:.0%} de la marge</translation>
    </message>
    <message>
        <source>another fill changes the score by {change:.3f} only: the map may be about the fill</source>
        <translation>un autre remplissage ne change le score que de {change:.3f} : la carte peut tenir au remplissage</translation>
    </message>
    <message>
        <source>another fill gives another map (rank correlation {value:.2f})</source>
        <translation>un autre remplissage donne une autre carte (corrélation de rang {value:.2f})</translation>
    </message>
    <message>
        <source>another seed gives another map (rank correlation {value:.2f})</source>
        <translation>une autre graine donne une autre carte (corrélation de rang {value:.2f})</translation>
    </message>
    <message>
        <source>inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says no more than the region does; smaller patches may</source>
        <translation>dans la région pas mieux qu'un ordre au hasard (insertion − suppression {share:.0%} de la marge) : elle n'en dit pas plus que la région ; des carrés plus petits peut-être</translation>
    </message>
    <message>
        <source>a place outside the region matters more than the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un endroit hors de la région compte plus que toute la région : prenez une région plus grande, ou toute l'image (--region full), pour le voir</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} beside others in its batch (--batch-size 1 avoids that), {share:.0%} of the largest drop</source>
        <translation>le score de la même image change de {change:.3g} à côté d'autres dans son lot (--batch-size 1 l'évite), soit {share:.0%} de la plus forte baisse</translation>
    </message>
    <message>
        <source>random orders reach as much: {random:.0%} of the room, the map {share:.0%}</source>
        <translation>des ordres au hasard atteignent autant : {random:.0%} de la marge, la carte {share:.0%}</translation>
    </message>
    <message>
        <source>no better than the bare region</source>
        <translation>pas mieux que la région seule</translation>
    </message>
    <message>
        <source>its order is no better than the organ's shape</source>
        <translation>son ordre ne vaut pas mieux que la forme de l'organe</translation>
    </message>
    <message>
        <source>the order does not hold under another fill</source>
        <translation>l'ordre ne tient pas avec un autre remplissage</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others} and {count} more): {reason}</source>
        <translation>coupe {slice} (et moins en {others} et {count} autres) : {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room (random orders reached {random:.0%})</source>
        <translation>insertion − suppression {share:.0%} de la marge (des ordres au hasard ont atteint {random:.0%})</translation>
    </message>
    <message>
        <source>tested on slices {slices}: {outcomes}</source>
        <translation>testé dans les coupes {slices} : {outcomes}</translation>
    </message>
    <message>
        <source>slice {slice}: {reason}</source>
        <translation>coupe {slice} : {reason}</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others}): {reason}</source>
        <translation>coupe {slice} (et moins en {others}) : {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room</source>
        <translation>insertion − suppression {share:.0%} de la marge</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room (random orders reached at most {random:.0%})</source>
        <translation>insertion − suppression au moins {share:.0%} de la marge (des ordres au hasard ont atteint au plus {random:.0%})</translation>
    </message>
    <message>
        <source>tested on the volume at once</source>
        <translation>testé sur tout le volume</translation>
    </message>
    <message>
        <source>tested on slice {slice}</source>
        <translation>testé dans la coupe {slice}</translation>
    </message>
    <message>
        <source>{count} of {total} strong</source>
        <translation>{count} sur {total} bien étayées</translation>
    </message>
    <message>
        <source>{count} of {total} weak</source>
        <translation>{count} sur {total} faiblement étayées</translation>
    </message>
    <message>
        <source>{count} of {total} the organ's shape</source>
        <translation>{count} sur {total} la forme de l'organe</translation>
    </message>
    <message>
        <source>{count} of {total} not supported</source>
        <translation>{count} sur {total} non étayées</translation>
    </message>
    <message>
        <source>{count} of {total} not tested</source>
        <translation>{count} sur {total} non testées</translation>
    </message>
    <message>
        <source>holds under another fill</source>
        <translation>tient avec un autre remplissage</translation>
    </message>
    <message>
        <source>of the places tried outside the region none matters more than {share:.0%} as much</source>
        <translation>parmi les endroits essayés hors de la région, aucun ne compte plus de {share:.0%} autant</translation>
    </message>
    <message>
        <source>Dice {dice:.2f} of prediction and reference</source>
        <translation>Dice {dice:.2f} entre prédiction et référence</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room</source>
        <translation>insertion − suppression au moins {share:.0%} de la marge</translation>
    </message>
    <message>
        <source>nothing to test</source>
        <translation>rien à tester</translation>
    </message>
    <message>
        <source>{file} is none of the files that models come as ({kinds}), and no nnU-Net folder or MONAI bundle either; say what it is with FAMILY:PATH (see `xaiclip models`)</source>
        <translation>{file} n'est aucun des fichiers sous lesquels viennent les modèles ({kinds}), ni un dossier nnU-Net ou un bundle MONAI ; dites ce que c'est avec FAMILY:PATH (voir `xaiclip models`)</translation>
    </message>
    <message>
        <source>there is no file or folder {path}; give the path of a model on this machine</source>
        <translation>il n'y a ni fichier ni dossier {path} ; donnez le chemin d'un modèle de cet ordinateur</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>une segmentation</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>une image</translation>
    </message>
    <message>
        <source>{file} is {kind}, not a model: it can't be run on a perturbed scan. A segmentation can be the reference (--reference FILE) or the region (--region FILE); give a model to explain as --model</source>
        <translation>{file} est {kind}, pas un modèle : cela ne peut être exécuté sur un examen perturbé. Une segmentation peut être la référence (--reference FILE) ou la région (--region FILE) ; donnez le modèle à expliquer par --model</translation>
    </message>
    <message>
        <source>{file} is an archive; unpack it, and give the folder or the file that comes out</source>
        <translation>{file} est une archive ; décompressez-la, et donnez le dossier ou le fichier obtenu</translation>
    </message>
    <message>
        <source>the model was in training mode (dropout, batch normalisation): it was put into evaluation mode for this run; call model.eval() to have it so everywhere</source>
        <translation>le modèle était en mode entraînement (dropout, normalisation par lot) : il a été mis en mode évaluation pour ce calcul ; model.eval() le fait partout</translation>
    </message>
    <message>
        <source>there is no model {model}; give one of {families} (see `xaiclip models`){hint}</source>
        <translation>il n'y a pas de modèle {model} ; donnez-en un parmi {families} (voir `xaiclip models`){hint}</translation>
    </message>
    <message>
        <source>there is no model {model}: no such file or folder here, and no family of that name{hint}</source>
        <translation>il n'y a pas de modèle {model} : ni fichier, ni dossier, ni famille de ce nom{hint}</translation>
    </message>
    <message>
        <source>{name} can't be opened as {family} ({reason}): it is damaged, or made by another version; get it again, or export it again</source>
        <translation>{name} ne peut être ouvert comme {family} ({reason}) : il est endommagé, ou d'une autre version ; reprenez-le, ou exportez-le de nouveau</translation>
    </message>
    <message>
        <source>{name} does not fit in the memory of {device}; choose another device</source>
        <translation>{name} ne tient pas dans la mémoire de {device} ; choisissez un autre appareil</translation>
    </message>
    <message>
        <source>{name} can't be opened: its code raised {reason}; mend it</source>
        <translation>{name} ne peut être ouvert : son code a levé {reason} ; corrigez-le</translation>
    </message>
    <message>
        <source>{file} can't be looked into ({reason}); check the file or folder</source>
        <translation>{file} ne peut être examiné ({reason}) ; vérifiez le fichier ou le dossier</translation>
    </message>
    <message>
        <source>the mask lies on another grid than the scan; resample it to the scan first</source>
        <translation>le masque est sur une autre grille que l'examen ; rééchantillonnez-le d'abord sur l'examen</translation>
    </message>
    <message>
        <source>the mask is empty, so that there is nothing to compare; draw something in it</source>
        <translation>le masque est vide, il n'y a donc rien à comparer ; tracez-y quelque chose</translation>
    </message>
    <message>
        <source>comparing in slice {slice}</source>
        <translation>comparaison dans la coupe {slice}</translation>
    </message>
    <message>
        <source>{place} in slice {slice}</source>
        <translation>{place} dans la coupe {slice}</translation>
    </message>
    <message>
        <source>{place}, near the {structure}</source>
        <translation>{place}, près de : {structure}</translation>
    </message>
    <message>
        <source>inside it</source>
        <translation>à l'intérieur</translation>
    </message>
    <message>
        <source>LPS {point} mm</source>
        <translation>LPS {point} mm</translation>
    </message>
    <message>
        <source>{place} in slice {slice} ({point})</source>
        <translation>{place} dans la coupe {slice} ({point})</translation>
    </message>
    <message>
        <source>, without what is hidden itself</source>
        <translation>, sans ce qui est masqué lui-même</translation>
    </message>
    <message>
        <source>, of what is hidden itself alone</source>
        <translation>, de ce qui est masqué seulement</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average.</source>
        <translation>{structure} : masquer un endroit qui contient {place} retire {amount:.1f} ml en moyenne.</translation>
    </message>
    <message>
        <source>what lies within {mm:g} mm of {point}</source>
        <translation>ce qui est à moins de {mm:g} mm de {point}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} in {file}</source>
        <translation>{structure}, ce qui en est tracé dans {file}</translation>
    </message>
    <message>
        <source>Island {number} of the {structure}</source>
        <translation>{structure}, îlot {number}</translation>
    </message>
    <message>
        <source>at {point} in slice {slice}</source>
        <translation>en {point} dans la coupe {slice}</translation>
    </message>
    <message>
        <source>{drawn} is held back most by what lies {place}: hiding a place there brings back {share:.0%} of it{counted}.</source>
        <translation>{drawn} : surtout retenu par ce qui se trouve {place} ; masquer un endroit là-bas en ramène {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{drawn} : ne dépend d'aucun endroit ; en masquer un en retire au plus {share:.1%}{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{drawn} : dépend surtout de ce qui se trouve {place} ; masquer un endroit là-bas en retire {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding a place {place} adds {share:.0%} instead.</source>
        <translation>Masquer un endroit situé {place} en ajoute au contraire {share:.0%}.</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average, and adds {gained:.1f} ml elsewhere.</source>
        <translation>{structure} : masquer un endroit qui contient {place} retire {amount:.1f} ml en moyenne, et en ajoute {gained:.1f} ml ailleurs.</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} there</source>
        <translation>{structure}, ce qui en est tracé là</translation>
    </message>
    <message>
        <source>a part of {file}</source>
        <translation>une partie de {file}</translation>
    </message>
    <message>
        <source>a part of island {number}</source>
        <translation>une partie de l'îlot {number}</translation>
    </message>
    <message>
        <source>{part} needs a reference, which this run had none of; ask about a mask or a point</source>
        <translation>{part} demande une référence, que ce calcul n'avait pas ; interrogez un masque ou un point</translation>
    </message>
    <message>
        <source>nothing is {part} in this run; ask about a mask or a point</source>
        <translation>il n'y a rien de tel dans ce calcul ({part}) ; interrogez un masque ou un point</translation>
    </message>
    <message>
        <source>{drawn} is held back by no place: hiding one brings back {share:.1%} of it at most.</source>
        <translation>{drawn} : n'est retenu par aucun endroit ; en masquer un en ramène au plus {share:.1%}.</translation>
    </message>
    <message>
        <source>this run does not explain</source>
        <translation>ce calcul n'explique pas</translation>
    </message>
    <message>
        <source>it explains</source>
        <translation>il explique</translation>
    </message>
    <message>
        <source>The {structure} as it is drawn</source>
        <translation>{structure}, tout le tracé</translation>
    </message>
    <message>
        <source>a part of the {structure} as it is drawn</source>
        <translation>une partie du tracé ({structure})</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} inside the reference</source>
        <translation>{structure}, ce qui en est tracé dans la référence</translation>
    </message>
    <message>
        <source>a part of the reference</source>
        <translation>une partie de la référence</translation>
    </message>
    <message>
        <source>The missing part of the {structure}</source>
        <translation>{structure}, la partie manquante</translation>
    </message>
    <message>
        <source>a part of what is missing</source>
        <translation>une partie de ce qui manque</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} outside the reference</source>
        <translation>{structure}, ce qui en est tracé hors de la référence</translation>
    </message>
    <message>
        <source>a part of what is drawn outside the reference</source>
        <translation>une partie de ce qui est tracé hors de la référence</translation>
    </message>
    <message>
        <source>The edge of the {structure} ({mm:g} mm to either side)</source>
        <translation>{structure}, le contour ({mm:g} mm de chaque côté)</translation>
    </message>
    <message>
        <source>a part of the edge</source>
        <translation>une partie du contour</translation>
    </message>
    <message>
        <source>there is no island {number} in the prediction; it has {count}</source>
        <translation>il n'y a pas d'îlot {number} dans la prédiction ; elle en a {count}</translation>
    </message>
    <message>
        <source>The {structure} here depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{structure} : dépend ici surtout de ce qui se trouve {place} ; masquer un endroit là-bas en retire {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice ({share:.0%}){more}.</source>
        <translation>{structure} : masquer cet endroit retire {amount:.1f} {unit} dans cette coupe ({share:.0%}){more}.</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here; hiding what lies {place} would draw {share:.0%} of it.</source>
        <translation>{structure} : n'est pas tracé ici ; masquer ce qui se trouve {place} en tracerait {share:.0%}.</translation>
    </message>
    <message>
        <source>The {structure} here depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{structure} : ne dépend ici d'aucun endroit ; en masquer un en retire au plus {share:.1%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure} in this slice.</source>
        <translation>{structure} : masquer cet endroit ne change rien dans cette coupe.</translation>
    </message>
    <message>
        <source>, and adds {amount:.1f} {unit}</source>
        <translation>, et ajoute {amount:.1f} {unit}</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure}{more}.</source>
        <translation>{structure} : masquer cet endroit retire {amount:.1f} {unit}{more}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice{more}.</source>
        <translation>{structure} : masquer cet endroit retire {amount:.1f} {unit} dans cette coupe{more}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure}.</source>
        <translation>{structure} : masquer cet endroit ne change rien.</translation>
    </message>
    <message>
        <source>the point {point} lies outside the scan; ask about a place inside it</source>
        <translation>le point {point} est hors de l'examen ; interrogez un endroit qui s'y trouve</translation>
    </message>
    <message>
        <source>slice {slice} was not explained; slices {slices} were</source>
        <translation>la coupe {slice} n'a pas été expliquée ; les coupes {slices} l'ont été</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here, and hiding no place changes that.</source>
        <translation>{structure} : n'est pas tracé ici, et masquer un endroit n'y change rien.</translation>
    </message>
    <message>
        <source>slices {slices}: {reason}</source>
        <translation>coupes {slices} : {reason}</translation>
    </message>
    <message>
        <source>found in no explained slice: {structures}</source>
        <translation>trouvé dans aucune coupe expliquée : {structures}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slice {slices}</source>
        <translation>{structure} : {count} cartes sur {total} sont plates, coupe {slices}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slices {slices}</source>
        <translation>{structure} : {count} cartes sur {total} sont plates, coupes {slices}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in opposite orders ({value:.2f}; 1 is the same, −1 is reversed).</source>
        <translation>{structure} : les deux cartes classent les endroits en ordre inverse ({value:.2f} ; 1 est identique, −1 inverse).</translation>
    </message>
    <message>
        <source>in slice {slice}</source>
        <translation>dans la coupe {slice}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in nearly the same order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure} : les deux cartes classent les endroits presque de même ({value:.2f} ; 1 est identique, 0 sans lien).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in a similar order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure} : les deux cartes classent les endroits de façon semblable ({value:.2f} ; 1 est identique, 0 sans lien).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in unrelated orders ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure} : les deux cartes classent les endroits sans lien ({value:.2f} ; 1 est identique, 0 sans lien).</translation>
    </message>
    <message>
        <source>the two runs are of different scans, or of one that was resampled or moved between them ({first} and {second} voxels); choose two runs of one scan</source>
        <translation>les deux calculs portent sur des examens différents, ou sur un examen rééchantillonné ou déplacé entre-temps ({first} et {second} voxels) ; choisissez deux calculs sur un examen</translation>
    </message>
    <message>
        <source>the two runs share no slice: {first} and {second}; explain the same ones</source>
        <translation>les deux calculs n'ont pas de coupe commune : {first} et {second} ; expliquez les mêmes</translation>
    </message>
    <message>
        <source>the two runs share no structure: {first}; {second}. Choose two runs of one structure</source>
        <translation>les deux calculs n'ont pas de structure commune : {first} ; {second}. Choisissez deux calculs sur une structure</translation>
    </message>
    <message>
        <source>Of the two maps of the {structure} one is flat.</source>
        <translation>{structure} : l'une des deux cartes est plate.</translation>
    </message>
    <message>
        <source>The maps nowhere differ by much.</source>
        <translation>Les cartes ne diffèrent nulle part beaucoup.</translation>
    </message>
    <message>
        <source>Dice of the two predictions: {dice:.2f}.</source>
        <translation>Dice des deux prédictions : {dice:.2f}.</translation>
    </message>
    <message>
        <source>In {share:.1%} of the places they differ by more than the samples of both explain (5% would by chance).</source>
        <translation>À {share:.1%} des endroits, elles diffèrent plus que ne l'expliquent les échantillons des deux (5% le feraient par hasard).</translation>
    </message>
    <message>
        <source>not both runs explain</source>
        <translation>les deux calculs n'expliquent pas tous deux</translation>
    </message>
    <message>
        <source>both explain</source>
        <translation>les deux expliquent</translation>
    </message>
    <message>
        <source>They differ most {place}: a drop of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Elles diffèrent le plus {place} : une baisse de {first:.2f} dans la première, {second:.2f} dans la seconde.</translation>
    </message>
    <message>
        <source>They differ most {place}: a share of its own largest value of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Elles diffèrent le plus {place} : part de sa plus grande valeur {first:.2f} dans la première, {second:.2f} dans la seconde.</translation>
    </message>
    <message>
        <source>{count} tiles, one of which takes {each}: about {time} for the model's own prediction</source>
        <translation>{count} tuiles, dont une prend {each} : environ {time} pour la prédiction du modèle lui-même</translation>
    </message>
    <message>
        <source>{way} and {other} its middle</source>
        <translation>{way} et {other} de son centre</translation>
    </message>
    <message>
        <source>{way} and {other} this place</source>
        <translation>{way} et {other} de cet endroit</translation>
    </message>
    <message>
        <source>at its middle</source>
        <translation>en son centre</translation>
    </message>
    <message>
        <source>{way} its middle</source>
        <translation>{way} de son centre</translation>
    </message>
    <message>
        <source>at this place</source>
        <translation>en cet endroit</translation>
    </message>
    <message>
        <source>{way} this place</source>
        <translation>{way} de cet endroit</translation>
    </message>
    <message>
        <source>{way} and {other} the middle of the {structure}</source>
        <translation>{way} et {other} du centre ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm left of</source>
        <translation>à {mm:.0f} mm à gauche</translation>
    </message>
    <message>
        <source>{mm:.0f} mm right of</source>
        <translation>à {mm:.0f} mm à droite</translation>
    </message>
    <message>
        <source>at the middle of the {structure}</source>
        <translation>au centre ({structure})</translation>
    </message>
    <message>
        <source>{way} the middle of the {structure}</source>
        <translation>{way} du centre ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm above</source>
        <translation>à {mm:.0f} mm au-dessus</translation>
    </message>
    <message>
        <source>{mm:.0f} mm below</source>
        <translation>à {mm:.0f} mm au-dessous</translation>
    </message>
    <message>
        <source>{mm:.0f} mm behind</source>
        <translation>à {mm:.0f} mm en arrière</translation>
    </message>
    <message>
        <source>{mm:.0f} mm in front of</source>
        <translation>à {mm:.0f} mm en avant</translation>
    </message>
    <message>
        <source>the evidence was switched off</source>
        <translation>les tests étaient désactivés</translation>
    </message>
    <message>
        <source>stopped by the user</source>
        <translation>arrêté par l'utilisateur</translation>
    </message>
    <message>
        <source>a test failed: {error}</source>
        <translation>un test a échoué : {error}</translation>
    </message>
    <message>
        <source>the map of {what} is coarse: it was stopped by the user after {count} evaluations</source>
        <translation>la carte est grossière ({what}) : elle a été arrêtée par l'utilisateur après {count} exécutions</translation>
    </message>
    <message>
        <source>no slice could be explained: {reasons:; }. Name another structure, region or slices (the model is {model}, the scan is {modality})</source>
        <translation>aucune coupe n'a pu être expliquée : {reasons:; }. Nommez une autre structure, région ou d'autres coupes (le modèle est {model}, l'examen est {modality})</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>tests des cartes</translation>
    </message>
    <message>
        <source>stopped by the user after {count} of {total} slices</source>
        <translation>arrêté par l'utilisateur après {count} coupes sur {total}</translation>
    </message>
    <message>
        <source>what each image of {what} does is not complete: it was stopped by the user</source>
        <translation>ce que fait chaque image n'est pas complet ({what}) : arrêté par l'utilisateur</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>mesure</translation>
    </message>
    <message>
        <source>the model took too long</source>
        <translation>le modèle a mis trop de temps</translation>
    </message>
    <message>
        <source>the volume</source>
        <translation>le volume</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>coupe {slice}</translation>
    </message>
    <message>
        <source>ended after {count} of {total} slices: {error}</source>
        <translation>terminé après {count} coupes sur {total} : {error}</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean, or say --modality CT if it is one</source>
        <translation>le remplissage {fill} est un nombre CT ; {what} est {modality} : choisissez blur ou mean, ou dites --modality CT si c'en est un</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean</source>
        <translation>le remplissage {fill} est un nombre CT ; {what} est {modality} : choisissez blur ou mean</translation>
    </message>
    <message>
        <source>what each image is worth is computed exactly for {most} at most; here are {count}</source>
        <translation>ce que vaut chaque image se calcule exactement pour {most} au plus ; il y en a {count}</translation>
    </message>
    <message>
        <source>{count} labelled slices hold it; label at least {least}</source>
        <translation>{count} coupes annotées la contiennent ; annotez-en au moins {least}</translation>
    </message>
    <message>
        <source>{count} shots are too few; give at least {least}, such as 8</source>
        <translation>{count} coupes sont trop peu ; donnez-en au moins {least}, par exemple 8</translation>
    </message>
    <message>
        <source>there are no labels to learn from; give a mask or a label map of the scan</source>
        <translation>il n'y a pas d'annotations dont apprendre ; donnez un masque ou une carte de labels de l'examen</translation>
    </message>
    <message>
        <source>{structure}: no labelled slice is left to measure on; label more than {least}</source>
        <translation>{structure} : il ne reste aucune coupe annotée pour mesurer ; annotez-en plus de {least}</translation>
    </message>
    <message>
        <source>{structure}: only {count} labelled slices hold it, and all are used as shots</source>
        <translation>{structure} : seules {count} coupes annotées la contiennent, et toutes servent à apprendre</translation>
    </message>
    <message>
        <source>{structure}: no slice is known to be without it, so that nothing is learned of other levels</source>
        <translation>{structure} : aucune coupe n'est connue pour ne pas la contenir, on n'apprend donc rien des autres niveaux</translation>
    </message>
    <message>
        <source>{structure}: learned prompts are no better than its words ({learned:.3f}, {plain:.3f})</source>
        <translation>{structure} : les mots appris ne valent pas mieux que les simples ({learned:.3f}, {plain:.3f})</translation>
    </message>
    <message>
        <source>{structure} in the slices {slices}: {error}</source>
        <translation>{structure} dans les coupes {slices} : {error}</translation>
    </message>
    <message>
        <source>not compared with a prediction: {error}</source>
        <translation>non comparé à une prédiction : {error}</translation>
    </message>
    <message>
        <source>the reference holds none of the structures</source>
        <translation>la référence ne contient aucune des structures</translation>
    </message>
    <message>
        <source>the model finds none of the structures</source>
        <translation>le modèle ne trouve aucune des structures</translation>
    </message>
    <message>
        <source>the reference holds no more than {area:g} mm2 of the structures</source>
        <translation>la référence ne contient pas plus de {area:g} mm² des structures</translation>
    </message>
    <message>
        <source>the model finds no more than {area:g} mm2 of the structures</source>
        <translation>le modèle ne trouve pas plus de {area:g} mm² des structures</translation>
    </message>
    <message>
        <source>the slices that hold at least a tenth of that were explained; stray pixels look like this as well</source>
        <translation>les coupes qui en contiennent au moins un dixième ont été expliquées ; des pixels épars y ressemblent aussi</translation>
    </message>
    <message>
        <source>to explain it, name its slices: slices {slice}, or {range}</source>
        <translation>pour l'expliquer, nommez ses coupes : {slice}, ou {range}</translation>
    </message>
    <message>
        <source>{structure}: the prediction is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure} : la prédiction ne dépasse {area:.3g} mm² dans aucune coupe, et le choix automatique demande {least:g} mm² ; {advice}</translation>
    </message>
    <message>
        <source>{structure}: the reference is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure} : la référence ne dépasse {area:.3g} mm² dans aucune coupe, et le choix automatique demande {least:g} mm² ; {advice}</translation>
    </message>
    <message>
        <source>first run of the model, on {size} voxels ({millions:.1f} million)</source>
        <translation>première exécution du modèle, sur {size} voxels ({millions:.1f} millions)</translation>
    </message>
    <message>
        <source>{said}, {least:.1f} GB of memory at least</source>
        <translation>{said}, au moins {least:.1f} Go de mémoire</translation>
    </message>
    <message>
        <source>preparing the volume</source>
        <translation>préparation du volume</translation>
    </message>
    <message>
        <source>{done} of {total} evaluations</source>
        <translation>{done} exécutions du modèle sur {total}</translation>
    </message>
    <message>
        <source>{model} gets {size} voxels at once and needs {least:.1f} GB of memory at least for each evaluation; {free:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop or resample the scan, or use a machine with more memory</source>
        <translation>{model} reçoit {size} voxels à la fois et demande au moins {least:.1f} Go de mémoire par exécution ; {free:.1f} Go sont libres. Donnez un espacement plus grand ou une taille plus petite dans son fichier joint, recadrez ou rééchantillonnez l'examen, ou prenez un ordinateur avec plus de mémoire</translation>
    </message>
    <message>
        <source>the {source} region is thinner than a voxel of the model</source>
        <translation>la région est plus fine qu'un voxel du modèle ({source})</translation>
    </message>
    <message>
        <source>{file} in {folder} is damaged ({reason}); run it again, or get the folder again</source>
        <translation>{file} dans {folder} est endommagé ({reason}) ; recommencez, ou reprenez le dossier</translation>
    </message>
    <message>
        <source>{folder} holds no explanation ({reason}); give the folder of a finished run</source>
        <translation>{folder} ne contient pas d'explication ({reason}) ; donnez le dossier d'un calcul terminé</translation>
    </message>
    <message>
        <source>with the fill {fill} on slices {slices}</source>
        <translation>avec le remplissage {fill} dans les coupes {slices}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slices {slices} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>non testé dans cette coupe ; dans les coupes {slices}, l'endroit qui y compte le plus retire jusqu'à {share:.0%} avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>hiding it takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>le masquer retire {share:.1%} du reste avec le remplissage {fill}, {other_share:.1%} avec {other_fill}</translation>
    </message>
    <message>
        <source>Whether one place matters for the rest of the {structure} cannot be told</source>
        <translation>{structure} : impossible de dire si un endroit compte pour le reste</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding it takes away {share:.0%} of what is not hidden</source>
        <translation>{structure} : l'endroit qui compte le plus pour le reste se trouve {place} ; le masquer retire {share:.0%} de ce qui n'est pas masqué</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: 1 other structure</source>
        <translation>masquée avec le remplissage {fill} : 1 autre structure</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}, the {third} {third_share:.0%}</source>
        <translation>{structure} : a besoin d'autres structures ; masquer {other} en retire {share:.0%}, {second} {second_share:.0%}, {third} {third_share:.0%}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} without being seen lies mostly {place}</source>
        <translation>{structure} : ce qui est tracé sans être vu se trouve surtout {place}</translation>
    </message>
    <message>
        <source>the same run on a model that only loses what is hidden</source>
        <translation>le même calcul sur un modèle qui ne perd que ce qui est masqué</translation>
    </message>
    <message>
        <source>The map of the drop is more than the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure} : la carte de la baisse est plus que la forme (corrélation de rang {value:.2f} avec une carte qui se passe de modèle)</translation>
    </message>
    <message>
        <source>with the fill {fill}</source>
        <translation>avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>with the fill {fill} on slice {slice}</source>
        <translation>avec le remplissage {fill} dans la coupe {slice}</translation>
    </message>
    <message>
        <source>not tested under another fill</source>
        <translation>non testé avec un autre remplissage</translation>
    </message>
    <message>
        <source>{share:.0%} still drawn {where}</source>
        <translation>{share:.0%} encore tracé {where}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from what is there: where it is hidden, {share:.0%} of it goes</source>
        <translation>{structure} : tracé d'après ce qui s'y trouve ; là où c'est masqué, {share:.0%} disparaît</translation>
    </message>
    <message>
        <source>the same place takes away {share:.0%} with the fill {fill}</source>
        <translation>le même endroit retire {share:.0%} avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>not tested in that slice; the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>non testé dans cette coupe ; l'endroit qui y compte le plus retire jusqu'à {share:.0%} avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slice {slice} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>non testé dans cette coupe ; dans la coupe {slice}, l'endroit qui y compte le plus retire jusqu'à {share:.0%} avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>No place matters for the rest of the {structure}: hiding one takes away {share:.1%} of the rest at most</source>
        <translation>{structure} : aucun endroit ne compte pour le reste ; en masquer un retire au plus {share:.1%} du reste</translation>
    </message>
    <message>
        <source>Which place matters most for the rest of the {structure} cannot be told</source>
        <translation>{structure} : impossible de dire quel endroit compte le plus pour le reste</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>en masquer un retire {share:.1%} du reste avec le remplissage {fill}, {other_share:.1%} avec {other_fill}</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding a place of {size:.0f} mm there takes away {share:.0%} of what is not hidden</source>
        <translation>{structure} : l'endroit qui compte le plus pour le reste se trouve {place} ; masquer là un endroit de {size:.0f} mm retire {share:.0%} de ce qui n'est pas masqué</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: {count} other structures one at a time</source>
        <translation>masquées avec le remplissage {fill} : {count} autres structures, une à la fois</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it</source>
        <translation>{structure} : n'a besoin d'aucune autre structure ; masquer {other} en retire {share:.1%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it</source>
        <translation>{structure} : a besoin d'autres structures ; masquer {other} en retire {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}</source>
        <translation>{structure} : a besoin d'autres structures ; masquer {other} en retire {share:.0%}, {second} {second_share:.0%}</translation>
    </message>
    <message>
        <source>The map of the drop is the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model): it says where it is, not why</source>
        <translation>{structure} : la carte de la baisse est la forme (corrélation de rang {value:.2f} avec une carte qui se passe de modèle) ; elle dit où, pas pourquoi</translation>
    </message>
    <message>
        <source>Whether the map of the drop is more than the {structure}'s shape cannot be told (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure} : impossible de dire si la carte de la baisse est plus que la forme (corrélation de rang {value:.2f} avec une carte qui se passe de modèle)</translation>
    </message>
    <message>
        <source>no place is known to matter for the rest, {where}</source>
        <translation>on ne connaît aucun endroit qui compte pour le reste, {where}</translation>
    </message>
    <message>
        <source>Whether the {structure} is drawn from what is there or from its surroundings cannot be told</source>
        <translation>{structure} : impossible de dire si le tracé vient de ce qui s'y trouve ou de l'entourage</translation>
    </message>
    <message>
        <source>of what is hidden {share:.0%} is still drawn with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>de ce qui est masqué, {share:.0%} reste tracé avec le remplissage {fill}, {other_share:.0%} avec {other_fill}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure} : tracé d'après l'entourage ; là où c'est masqué, {share:.0%} reste tracé</translation>
    </message>
    <message>
        <source>The {structure} is drawn in part from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure} : tracé en partie d'après l'entourage ; là où c'est masqué, {share:.0%} reste tracé</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest, or {most:.1%} with the standard error</source>
        <translation>en masquer un retire {share:.1%} du reste, ou {most:.1%} avec l'erreur type</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it, and no other more</source>
        <translation>{structure} : n'a besoin d'aucune autre structure ; masquer {other} en retire {share:.1%}, et aucune autre davantage</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slices {slices}, {much}; the map can't show it</source>
        <translation>{structure} : dans les coupes {slices}, un endroit non perturbé compte, {much} ; la carte ne peut pas le montrer</translation>
    </message>
    <message>
        <source>{share:.0%} as much as all that was perturbed</source>
        <translation>{share:.0%} de tout ce qui a été perturbé</translation>
    </message>
    <message>
        <source>up to {share}</source>
        <translation>jusqu'à {share}</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters, {much}; the map can't show it</source>
        <translation>{structure} : un endroit non perturbé compte, {much} ; la carte ne peut pas le montrer</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slice {slice}, {much}; the map can't show it</source>
        <translation>{structure} : dans la coupe {slice}, un endroit non perturbé compte, {much} ; la carte ne peut pas le montrer</translation>
    </message>
    <message>
        <source>{times:.1f} times all that was perturbed</source>
        <translation>{times:.1f} fois tout ce qui a été perturbé</translation>
    </message>
    <message>
        <source>and nothing else</source>
        <translation>et rien d'autre</translation>
    </message>
    <message>
        <source>evidence: {reason}</source>
        <translation>tests : {reason}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs cannot be told: hiding all of them takes away {share:.1%} of its score</source>
        <translation>{structure} : impossible de dire de quelle image cela dépend ; les masquer toutes retire {share:.1%} du score</translation>
    </message>
    <message>
        <source>hidden in the whole region with the fill {fill}</source>
        <translation>masqué dans toute la région avec le remplissage {fill}</translation>
    </message>
    <message>
        <source>The {structure} hangs on no image alone: of what is lost when all are hidden {shares}</source>
        <translation>{structure} : ne dépend d'aucune image seule ; de ce qui se perd quand toutes sont masquées : {shares}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs most cannot be told: {image} has {share:.0%} of what is lost when all are hidden with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>{structure} : impossible de dire de quelle image cela dépend le plus ; {image} a {share:.0%} de ce qui se perd quand toutes sont masquées avec le remplissage {fill}, {other_share:.0%} avec {other_fill}</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden</source>
        <translation>{structure} : dépend surtout de {image} ; {share:.0%} de ce qui se perd quand toutes les images sont masquées</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden, {others}</source>
        <translation>{structure} : dépend surtout de {image} ; {share:.0%} de ce qui se perd quand toutes les images sont masquées, {others}</translation>
    </message>
    <message>
        <source>slices {slices}</source>
        <translation>coupes {slices}</translation>
    </message>
    <message>
        <source>the volumes, {numbers} and {report} are in {folder}, the pictures are missing ({reason})</source>
        <translation>les volumes, {numbers} et {report} sont dans {folder}, les images manquent ({reason})</translation>
    </message>
    <message>
        <source>the explanation in {folder} is damaged ({reason}); run it again</source>
        <translation>l'explication dans {folder} est endommagée ({reason}) ; recommencez</translation>
    </message>
    <message>
        <source>{file} holds no segment in the scan; give one that lies on it</source>
        <translation>{file} ne contient aucun segment dans l'examen ; donnez-en une qui s'y trouve</translation>
    </message>
    <message>
        <source>{file} holds nothing of the {structures} in the scan</source>
        <translation>{file} ne contient rien dans l'examen de : {structures}</translation>
    </message>
    <message>
        <source>{file} is the scan itself, not a label map; give the file with the labels</source>
        <translation>{file} est l'examen lui-même, pas une carte de labels ; donnez le fichier des labels</translation>
    </message>
    <message>
        <source>{share:.0%} of what is labelled in {file} lies outside the scan</source>
        <translation>{share:.0%} de ce qui est annoté dans {file} est hors de l'examen</translation>
    </message>
    <message>
        <source>{file} covers {share:.0%} of the scan; the rest counts as not labelled</source>
        <translation>{file} couvre {share:.0%} de l'examen ; le reste compte comme non annoté</translation>
    </message>
    <message>
        <source>the model draws {structure} where the words find none (presence {model:.2f} and {words:.2f})</source>
        <translation>le modèle dessine {structure} là où les mots ne trouvent rien (présence {model:.2f} et {words:.2f})</translation>
    </message>
    <message>
        <source>the words find {structure} where the model draws none (presence {words:.2f} and {model:.2f})</source>
        <translation>les mots trouvent {structure} là où le modèle ne dessine rien (présence {words:.2f} et {model:.2f})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher around the model's prediction than in it: try another strategy, other words or negative prompts</source>
        <translation>la similarité avec {structure} paraît inversée, plus forte autour de la prédiction du modèle qu'en elle : essayez une autre comparaison, d'autres mots ou des mots négatifs</translation>
    </message>
    <message>
        <source>the {source} region is empty</source>
        <translation>la région est vide ({source})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher in the air round the patient than in the patient: try another strategy, other words or negative prompts</source>
        <translation>la similarité avec {structure} paraît inversée, plus forte dans l'air autour du patient que dans le patient : essayez une autre comparaison, d'autres mots ou des mots négatifs</translation>
    </message>
    <message>
        <source>{reason}: the box of the model's prediction, {mm:g} mm wider, is used</source>
        <translation>{reason} : la boîte de la prédiction du modèle, élargie de {mm:g} mm, est utilisée</translation>
    </message>
    <message>
        <source>{mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller dilation gives a smaller one</source>
        <translation>{mm:g} mm autour de la prédiction remplissent la coupe : la région n'exclut rien ; une marge plus petite en donne une plus petite</translation>
    </message>
    <message>
        <source>the region holds less than {share:.0%} of the prediction</source>
        <translation>la région contient moins de {share:.0%} de la prédiction</translation>
    </message>
    <message>
        <source>Otsu's threshold is refused for {structure}, whose similarity has no two levels: {level:g} is used</source>
        <translation>le seuil d'Otsu est refusé pour {structure}, dont la similarité n'a pas deux niveaux : {level:g} est utilisé</translation>
    </message>
    <message>
        <source>threshold {threshold:g} is below {least}: the region may hold much that was not asked for</source>
        <translation>le seuil {threshold:g} est sous {least} : la région peut contenir beaucoup de choses non demandées</translation>
    </message>
    <message>
        <source>the region covers {share:.0%} of the body at threshold {level:g}</source>
        <translation>la région couvre {share:.0%} du corps au seuil {level:g}</translation>
    </message>
    <message>
        <source>threshold raised from {threshold:g} to {level:g}</source>
        <translation>seuil relevé de {threshold:g} à {level:g}</translation>
    </message>
    <message>
        <source>taken for {modality} from its values (--modality says otherwise)</source>
        <translation>pris pour {modality} d'après ses valeurs (--modality dit autre chose)</translation>
    </message>
    <message>
        <source>the file says that the scan is {file}; it is taken for {modality}, as was asked for</source>
        <translation>le fichier dit que l'examen est {file} ; il est pris pour {modality}, comme demandé</translation>
    </message>
    <message>
        <source>{offset} was taken off the scan's values to make Hounsfield units of them: they are whole numbers from {low:g} up, with air near 0, soft tissue near {offset} and hardly anything between</source>
        <translation>{offset} a été retiré des valeurs de l'examen pour en faire des unités Hounsfield : ce sont des nombres entiers à partir de {low:g}, avec l'air près de 0, les tissus mous près de {offset} et presque rien entre les deux</translation>
    </message>
    <message>
        <source>{scan} is said to be a CT, but its values from {low:g} to {high:g} are no Hounsfield units, and not surely such with {offset} added (air near 0, water near {offset}): convert it (stored value x slope + intercept), or give --modality OT to take the values as they are</source>
        <translation>{scan} est dit CT, mais ses valeurs de {low:g} à {high:g} ne sont pas des unités Hounsfield, ni sûrement de telles unités plus {offset} (air près de 0, eau près de {offset}) : convertissez-le (valeur stockée x pente + ordonnée), ou donnez --modality OT pour prendre les valeurs telles quelles</translation>
    </message>
    <message>
        <source>the scan has no air (its lowest value is {low:g} HU): it may have been cut to a window</source>
        <translation>l'examen n'a pas d'air (sa plus petite valeur est {low:g} UH) : il a peut-être été limité à une fenêtre</translation>
    </message>
    <message>
        <source>there is no checkpoint {path}; give the path of a file on this machine</source>
        <translation>il n'y a pas de checkpoint {path} ; donnez le chemin d'un fichier de cet ordinateur</translation>
    </message>
    <message>
        <source>{file} can't be read as a checkpoint ({reason}); get the file again</source>
        <translation>{file} ne peut être lu comme checkpoint ({reason}) ; reprenez le fichier</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} n'est pas sur cet ordinateur, et rien n'est téléchargé sans votre accord : il vient de {url} ; ajoutez --download, ou utilisez `xaiclip models download`</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and {by} forbids to download it; unset {by}, or download it elsewhere</source>
        <translation>{name} n'est pas sur cet ordinateur, et {by} interdit de le télécharger ; retirez {by}, ou téléchargez-le ailleurs</translation>
    </message>
    <message>
        <source>{name} is damaged (its checksum is wrong), and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} est endommagé (sa somme de contrôle est fausse), et rien n'est téléchargé sans votre accord : il vient de {url} ; ajoutez --download, ou utilisez `xaiclip models download`</translation>
    </message>
    <message>
        <source>the worker failed: {kind}: {error} (the whole story is in the log)</source>
        <translation>le processus de calcul a échoué : {kind} : {error} (le journal dit tout)</translation>
    </message>
    <message>
        <source>a Python package can't be imported ({error}); install what is missing, then try again</source>
        <translation>un paquet Python ne peut être importé ({error}) ; installez ce qui manque, puis réessayez</translation>
    </message>
    <message>
        <source>a file can't be used ({error}); check its path, the rights and the room on the disk</source>
        <translation>un fichier ne peut être utilisé ({error}) ; vérifiez le chemin, les droits et la place sur le disque</translation>
    </message>
    <message>
        <source>memory ran out; close other programs, choose fewer slices, or another device</source>
        <translation>mémoire insuffisante ; fermez d'autres programmes, choisissez moins de coupes ou un autre appareil</translation>
    </message>
    <message>
        <source>stopped by the user before it began</source>
        <translation>arrêté par l'utilisateur avant de commencer</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>dessin des images</translation>
    </message>
    <message>
        <source>slice {slice} lies outside the scan, which has slices 0 to {last}</source>
        <translation>la coupe {slice} est hors de l'examen, qui a les coupes 0 à {last}</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>enregistrement</translation>
    </message>
</context>
<context>
    <name>MattersPart</name>
    <message>
        <source>Click a row: all views go there, and the answer is shown.</source>
        <translation>Cliquez sur une ligne : toutes les vues y vont, et la réponse s'affiche.</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>Ce qui compte</translation>
    </message>
    <message>
        <source>What the chosen row is about.</source>
        <translation>Ce dont il s'agit dans la ligne choisie.</translation>
    </message>
</context>
<context>
    <name>XAICLIP</name>
    <message>
        <source>S&amp;can:</source>
        <translation>E&amp;xamen :</translation>
    </message>
    <message>
        <source>The scan in which the model's segmentation is to be explained.</source>
        <translation>L'examen dans lequel la segmentation du modèle doit être expliquée.</translation>
    </message>
    <message>
        <source>Choose a scan</source>
        <translation>Choisir un examen</translation>
    </message>
    <message>
        <source>Sample &amp;data</source>
        <translation>Exemple &amp;de données</translation>
    </message>
    <message>
        <source>Draw a synthetic CT of the upper abdomen, with liver, spleen, kidneys and more, to try things on. Nothing is downloaded.</source>
        <translation>Dessiner un scanner synthétique de l'abdomen supérieur, avec foie, rate, reins et plus, pour essayer. Rien n'est téléchargé.</translation>
    </message>
    <message>
        <source>S&amp;tructures:</source>
        <translation>S&amp;tructures :</translation>
    </message>
    <message>
        <source>Type to search the list. Enter ticks the first match; a text that is not in the list is used in your own words.</source>
        <translation>Tapez pour chercher dans la liste. Entrée coche la première correspondance ; un texte absent de la liste est pris comme vos propres mots.</translation>
    </message>
    <message>
        <source>Search, or type your own words</source>
        <translation>Chercher, ou saisir vos propres mots</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Structures</translation>
    </message>
    <message>
        <source>Tick what is to be explained. Structures in grey are not segmented by the model: their region can be shown, but not explained.</source>
        <translation>Cochez ce qui doit être expliqué. Les structures en gris ne sont pas segmentées par le modèle : leur région peut être montrée, mais pas expliquée.</translation>
    </message>
    <message>
        <source>What is ticked.</source>
        <translation>Ce qui est coché.</translation>
    </message>
    <message>
        <source>Sl&amp;ices:</source>
        <translation>C&amp;oupes :</translation>
    </message>
    <message>
        <source>Which axial slices are explained. One slice takes seconds; all of them are needed for the 3D view.</source>
        <translation>Quelles coupes axiales sont expliquées. Une coupe prend quelques secondes ; toutes sont nécessaires pour la vue 3D.</translation>
    </message>
    <message>
        <source>&amp;From, to:</source>
        <translation>D&amp;e, à :</translation>
    </message>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Première et dernière coupe axiale, comptées depuis les pieds. La vue axiale suit l'extrémité déplacée.</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>&amp;Modèle :</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>Le modèle de segmentation à expliquer.</translation>
    </message>
    <message>
        <source>On this mac&amp;hine:</source>
        <translation>Sur ce &amp;PC :</translation>
    </message>
    <message>
        <source>The models that TotalSegmentator, nnU-Net, MONAIAuto3DSeg and other programs have left on this machine.</source>
        <translation>Les modèles que TotalSegmentator, nnU-Net, MONAIAuto3DSeg et d'autres programmes ont laissés sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Seg&amp;ment:</source>
        <translation>Seg&amp;ment :</translation>
    </message>
    <message>
        <source>A segment that a model has made; the model is found from what its extension left in the scene.</source>
        <translation>Un segment fait par un modèle ; le modèle est retrouvé d'après ce que son extension a laissé dans la scène.</translation>
    </message>
    <message>
        <source>Fi&amp;le:</source>
        <translation>F&amp;ichier :</translation>
    </message>
    <message>
        <source>The model's file or folder: TorchScript, ONNX, a MONAI bundle, an nnU-Net folder, or a SAM checkpoint.</source>
        <translation>Fichier ou dossier du modèle : TorchScript, ONNX, un bundle MONAI, un dossier nnU-Net, ou un checkpoint SAM.</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Choisir le dossier du modèle</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>Dossie&amp;r…</translation>
    </message>
    <message>
        <source>Choose a folder: a MONAI bundle or an nnU-Net model.</source>
        <translation>Choisir un dossier : un bundle MONAI ou un modèle nnU-Net.</translation>
    </message>
    <message>
        <source>Which model made the segment, and whether its prediction today is the segment in the scene.</source>
        <translation>Quel modèle a fait le segment, et si sa prédiction d'aujourd'hui est le segment de la scène.</translation>
    </message>
    <message>
        <source>Image &amp;2:</source>
        <translation>Image &amp;2 :</translation>
    </message>
    <message>
        <source>A further image of the patient, registered to the volume, which the model takes as its next channel. It is brought to the volume's grid.</source>
        <translation>Une autre image du patient, recalée sur le volume, que le modèle prend comme canal suivant. Elle est ramenée sur la grille du volume.</translation>
    </message>
    <message>
        <source>Choose an image</source>
        <translation>Choisir une image</translation>
    </message>
    <message>
        <source>Image &amp;3:</source>
        <translation>Image &amp;3 :</translation>
    </message>
    <message>
        <source>Image &amp;4:</source>
        <translation>Image &amp;4 :</translation>
    </message>
    <message>
        <source>What the model is and which structures it segments.</source>
        <translation>Ce qu'est le modèle et quelles structures il segmente.</translation>
    </message>
    <message>
        <source>What is set under Advanced, in words.</source>
        <translation>Ce qui est réglé sous « Avancé », en mots.</translation>
    </message>
    <message>
        <source>&amp;Advanced</source>
        <translation>&amp;Avancé</translation>
    </message>
    <message>
        <source>Region, language model, method, images and learning: everything that can be set beside the question itself.</source>
        <translation>Région, modèle de langage, méthode, images et apprentissage : tout ce qui peut être réglé à côté de la question elle-même.</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>Ré&amp;gion</translation>
    </message>
    <message>
        <source>Where the scan may be hidden, and its preview.</source>
        <translation>Où l'examen peut être masqué, et son aperçu.</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>Chercher &amp;dans :</translation>
    </message>
    <message>
        <source>Where the scan may be perturbed. Everything outside stays as it is.</source>
        <translation>Où l'examen peut être perturbé. Tout le reste demeure tel quel.</translation>
    </message>
    <message>
        <source>Se&amp;gment:</source>
        <translation>Se&amp;gment :</translation>
    </message>
    <message>
        <source>The segment that is used as the region, as it is.</source>
        <translation>Le segment qui sert de région, tel quel.</translation>
    </message>
    <message>
        <source>&amp;Box:</source>
        <translation>&amp;Boîte :</translation>
    </message>
    <message>
        <source>A markups ROI box; choose “Create new” and drag its handles in the views.</source>
        <translation>Une boîte ROI Markups ; choisissez « Créer nouveau » et tirez ses poignées dans les vues.</translation>
    </message>
    <message>
        <source>T&amp;hreshold:</source>
        <translation>Se&amp;uil :</translation>
    </message>
    <message>
        <source>Probability from which a pixel belongs to the region. Higher: a smaller, surer region.</source>
        <translation>Probabilité à partir de laquelle un pixel appartient à la région. Plus haut : une région plus petite et plus sûre.</translation>
    </message>
    <message>
        <source>Smoothin&amp;g:</source>
        <translation>&amp;Lissage :</translation>
    </message>
    <message>
        <source>Smoothing of the similarity before the threshold, in pixels of a slice 512 pixels wide.</source>
        <translation>Lissage de la similarité avant le seuil, en pixels d'une coupe large de 512 pixels.</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Mar&amp;gin:</source>
        <translation>Mar&amp;ge :</translation>
    </message>
    <message>
        <source>Grow the region by so many millimeters, to see whether the model also looks at what lies around it.</source>
        <translation>Agrandir la région d'autant de millimètres, pour voir si le modèle regarde aussi ce qui l'entoure.</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Pre&amp;view region</source>
        <translation>A&amp;perçu de la région</translation>
    </message>
    <message>
        <source>Show the region and the similarity to the words on the current axial slice; follows the threshold and the slice while it is pressed.</source>
        <translation>Afficher la région et la similarité avec les mots sur la coupe axiale actuelle ; suit le seuil et la coupe tant qu'il est enfoncé.</translation>
    </message>
    <message>
        <source>Edit in Segmen&amp;t Editor</source>
        <translation>Modifier dans Segmen&amp;t Editor</translation>
    </message>
    <message>
        <source>Turn the region of the chosen slices into a segmentation and open it in the Segment Editor. The edited region is then used as it is.</source>
        <translation>Transformer la région des coupes choisies en segmentation et l'ouvrir dans Segment Editor. La région modifiée est ensuite utilisée telle quelle.</translation>
    </message>
    <message>
        <source>How good the region is: its share of the slice, how much of the model's prediction it holds, and warnings.</source>
        <translation>Ce que vaut la région : sa part de la coupe, combien de la prédiction du modèle elle contient, et avertissements.</translation>
    </message>
    <message>
        <source>How &amp;words are found</source>
        <translation>Comment les mots sont trou&amp;vés</translation>
    </message>
    <message>
        <source>The language model that finds the words in the scan.</source>
        <translation>Le modèle de langage qui trouve les mots dans l'examen.</translation>
    </message>
    <message>
        <source>Lan&amp;guage model:</source>
        <translation>Modè&amp;le de langage :</translation>
    </message>
    <message>
        <source>The vision-language model that finds the words in the scan: one of the list, hf-hub:OWNER/NAME, local-dir:FOLDER, or ARCHITECTURE:CHECKPOINT of open_clip.</source>
        <translation>Le modèle vision-langage qui trouve les mots dans l'examen : un de la liste, hf-hub:OWNER/NAME, local-dir:FOLDER, ou ARCHITECTURE:CHECKPOINT d'open_clip.</translation>
    </message>
    <message>
        <source>Do&amp;wnload</source>
        <translation>&amp;Télécharger</translation>
    </message>
    <message>
        <source>Download the model's weights once. Nothing is uploaded.</source>
        <translation>Télécharger une fois les poids du modèle. Rien n'est envoyé.</translation>
    </message>
    <message>
        <source>What the language model is, its licence, and whether it is on this computer.</source>
        <translation>Ce qu'est le modèle de langage, sa licence, et s'il est sur cet ordinateur.</translation>
    </message>
    <message>
        <source>Com&amp;parison:</source>
        <translation>C&amp;omparaison :</translation>
    </message>
    <message>
        <source>How the patches of a slice are compared with the words. Try another one where the region is not on the structure.</source>
        <translation>Comment les zones d'une coupe sont comparées aux mots. Essayez-en une autre si la région n'est pas sur la structure.</translation>
    </message>
    <message>
        <source>Lear&amp;ned words:</source>
        <translation>Mots appri&amp;s :</translation>
    </message>
    <message>
        <source>A file that was learned from labelled slices with this language model; empty to use the words alone.</source>
        <translation>Un fichier appris sur des coupes annotées avec ce modèle de langage ; vide pour n'utiliser que les mots.</translation>
    </message>
    <message>
        <source>Model and com&amp;puter</source>
        <translation>Modèle et o&amp;rdinateur</translation>
    </message>
    <message>
        <source>What kind of model it is, what it is pointed with, and where it runs.</source>
        <translation>De quel type est le modèle, comment l'endroit lui est indiqué, et où il s'exécute.</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>T&amp;ype :</translation>
    </message>
    <message>
        <source>What the file or folder is. Choose MedSAM or SAM yourself: their files look alike, but they want the scan prepared in different ways.</source>
        <translation>Ce qu'est le fichier ou le dossier. Choisissez vous-même MedSAM ou SAM : leurs fichiers se ressemblent, mais ils veulent l'examen préparé différemment.</translation>
    </message>
    <message>
        <source>Promp&amp;t:</source>
        <translation>Re&amp;père :</translation>
    </message>
    <message>
        <source>What MedSAM or SAM is pointed with: a markups ROI box, or a point list, whose deselected points mean what the structure is not. None: the box of the region.</source>
        <translation>Ce qui indique l'endroit à MedSAM ou SAM : une boîte ROI Markups, ou une liste de points dont les points désélectionnés disent ce qui n'est pas la structure. Aucun : la boîte de la région.</translation>
    </message>
    <message>
        <source>The box of the region</source>
        <translation>La boîte de la région</translation>
    </message>
    <message>
        <source>Compute &amp;on:</source>
        <translation>Calculer &amp;sur :</translation>
    </message>
    <message>
        <source>Where the models run. Automatic uses the graphics card where there is one.</source>
        <translation>Où s'exécutent les modèles. Automatique utilise la carte graphique s'il y en a une.</translation>
    </message>
    <message>
        <source>Chec&amp;k model</source>
        <translation>Véri&amp;fier le modèle</translation>
    </message>
    <message>
        <source>Open the model once and list the structures that it segments.</source>
        <translation>Ouvrir une fois le modèle et lister les structures qu'il segmente.</translation>
    </message>
    <message>
        <source>Metho&amp;d</source>
        <translation>Mét&amp;hode</translation>
    </message>
    <message>
        <source>How places are hidden, how finely, and what has to drop.</source>
        <translation>Comment les endroits sont masqués, avec quelle finesse, et ce qui doit baisser.</translation>
    </message>
    <message>
        <source>Met&amp;hod:</source>
        <translation>Méth&amp;ode :</translation>
    </message>
    <message>
        <source>Occlusion: a patch slides over the region; easiest to read. Coarse to fine: the same with a small step, at a fraction of the cost. RISE: many random masks. LIME: superpixels and a linear model. KernelSHAP: Shapley values of superpixels. HSIC: statistical dependence on the cells of a grid.</source>
        <translation>Occlusion : une zone glisse sur la région ; la plus facile à lire. Du grossier au fin : la même avec un petit pas, à une fraction du coût. RISE : beaucoup de masques aléatoires. LIME : superpixels et modèle linéaire. KernelSHAP : valeurs de Shapley de superpixels. HSIC : dépendance statistique aux cellules d'une grille.</translation>
    </message>
    <message>
        <source>&amp;Quality:</source>
        <translation>&amp;Qualité :</translation>
    </message>
    <message>
        <source>How fine the map is, and how long it takes. The settings below follow.</source>
        <translation>La finesse de la carte, et le temps qu'elle prend. Les réglages ci-dessous suivent.</translation>
    </message>
    <message>
        <source>F&amp;ill with:</source>
        <translation>Rempl&amp;ir avec :</translation>
    </message>
    <message>
        <source>What is put in the place of what is taken away.</source>
        <translation>Ce qui est mis à la place de ce qui est retiré.</translation>
    </message>
    <message>
        <source>Meas&amp;ure:</source>
        <translation>Mes&amp;ure :</translation>
    </message>
    <message>
        <source>What has to drop: the overlap with the unperturbed prediction (Dice), or the model's confidence.</source>
        <translation>Ce qui doit baisser : le recouvrement avec la prédiction non perturbée (Dice), ou la confiance du modèle.</translation>
    </message>
    <message>
        <source>Re&amp;ference:</source>
        <translation>Ré&amp;férence :</translation>
    </message>
    <message>
        <source>What the model's masks are scored against: a segmentation or label map that somebody drew, whose segments are found by terminology or name. None: the model's own unperturbed prediction.</source>
        <translation>Ce à quoi les masques du modèle sont comparés : une segmentation ou carte de labels tracée par quelqu'un, dont les segments sont trouvés par terminologie ou par nom. Aucune : la prédiction non perturbée du modèle lui-même.</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>La prédiction du modèle lui-même</translation>
    </message>
    <message>
        <source>Which segment of the reference stands for which structure.</source>
        <translation>Quel segment de la référence représente quelle structure.</translation>
    </message>
    <message>
        <source>Also hide each or&amp;gan in turn</source>
        <translation>Masquer aussi chaque or&amp;gane tour à tour</translation>
    </message>
    <message>
        <source>Hides everything that the model draws, one structure at a time, to answer which organ needs which. One run of the model more for each of them, in each slice.</source>
        <translation>Masque tout ce que le modèle dessine, une structure à la fois, pour répondre quel organe a besoin duquel. Une exécution du modèle de plus pour chacune, dans chaque coupe.</translation>
    </message>
    <message>
        <source>Num&amp;bers of the method</source>
        <translation>Chiffres de la mét&amp;hode</translation>
    </message>
    <message>
        <source>The numbers behind the quality.</source>
        <translation>Les chiffres derrière la qualité.</translation>
    </message>
    <message>
        <source>Patch:</source>
        <translation>Zone :</translation>
    </message>
    <message>
        <source>Edge of the patch, in pixels of a slice 512 pixels wide.</source>
        <translation>Côté de la zone, en pixels d'une coupe large de 512 pixels.</translation>
    </message>
    <message>
        <source>Step:</source>
        <translation>Pas :</translation>
    </message>
    <message>
        <source>Step from patch to patch, in the same pixels; at most half of the patch.</source>
        <translation>Pas d'une zone à l'autre, dans les mêmes pixels ; au plus la moitié de la zone.</translation>
    </message>
    <message>
        <source>Masks:</source>
        <translation>Masques :</translation>
    </message>
    <message>
        <source>Number of random masks.</source>
        <translation>Nombre de masques aléatoires.</translation>
    </message>
    <message>
        <source>Grid:</source>
        <translation>Grille :</translation>
    </message>
    <message>
        <source>Cells of the grid along each side.</source>
        <translation>Cellules de la grille le long de chaque côté.</translation>
    </message>
    <message>
        <source>Keep:</source>
        <translation>Garder :</translation>
    </message>
    <message>
        <source>Probability that a cell is kept.</source>
        <translation>Probabilité qu'une cellule soit gardée.</translation>
    </message>
    <message>
        <source>Estimator:</source>
        <translation>Estimateur :</translation>
    </message>
    <message>
        <source>How scores become a map. Ridge needs the fewest masks; raw is the paper's.</source>
        <translation>Comment les scores deviennent une carte. Ridge demande le moins de masques ; brut est celui de la publication.</translation>
    </message>
    <message>
        <source>Samples:</source>
        <translation>Échantillons :</translation>
    </message>
    <message>
        <source>Number of random on/off patterns of the superpixels or cells.</source>
        <translation>Nombre de motifs aléatoires marche/arrêt des superpixels ou cellules.</translation>
    </message>
    <message>
        <source>Stop at error:</source>
        <translation>Arrêt à l'erreur :</translation>
    </message>
    <message>
        <source>Stop early once the map's standard error is below this share of its largest value; 0: never.</source>
        <translation>Arrêter tôt dès que l'erreur type de la carte passe sous cette part de sa plus grande valeur ; 0 : jamais.</translation>
    </message>
    <message>
        <source>Seed:</source>
        <translation>Graine :</translation>
    </message>
    <message>
        <source>Same seed, same map.</source>
        <translation>Même graine, même carte.</translation>
    </message>
    <message>
        <source>How often the model is run, and how often without a region.</source>
        <translation>Combien de fois le modèle est exécuté, et combien sans région.</translation>
    </message>
    <message>
        <source>Ima&amp;ges</source>
        <translation>Ima&amp;ges</translation>
    </message>
    <message>
        <source>How the scan is read and shown to the language model.</source>
        <translation>Comment l'examen est lu et montré au modèle de langage.</translation>
    </message>
    <message>
        <source>Modalit&amp;y:</source>
        <translation>Modalit&amp;é :</translation>
    </message>
    <message>
        <source>What kind of scan it is. Automatic: as its DICOM series says, else as its values look, and the result says that it is a guess.</source>
        <translation>De quel type d'examen il s'agit. Automatique : d'après sa série DICOM, sinon d'après ses valeurs, et le résultat dit que c'est une supposition.</translation>
    </message>
    <message>
        <source>Co&amp;ntrast:</source>
        <translation>Co&amp;ntraste :</translation>
    </message>
    <message>
        <source>How the scan is shown to the vision-language model. Automatic chooses by modality. The display of the scan in the views is not changed.</source>
        <translation>Comment l'examen est montré au modèle vision-langage. Automatique choisit selon la modalité. L'affichage dans les vues ne change pas.</translation>
    </message>
    <message>
        <source>Learn from a &amp;segmentation</source>
        <translation>Apprendre d'une se&amp;gmentation</translation>
    </message>
    <message>
        <source>Teach the language model the ticked structures by some slices that you have labelled.</source>
        <translation>Apprendre au modèle de langage les structures cochées par quelques coupes que vous avez annotées.</translation>
    </message>
    <message>
        <source>Segmentatio&amp;n:</source>
        <translation>Segmentatio&amp;n :</translation>
    </message>
    <message>
        <source>A segmentation or label map of this scan in which the ticked structures are drawn in some slices; segments are found by terminology or name.</source>
        <translation>Une segmentation ou carte de labels de cet examen où les structures cochées sont tracées dans quelques coupes ; les segments sont trouvés par terminologie ou par nom.</translation>
    </message>
    <message>
        <source>Choose one</source>
        <translation>En choisir une</translation>
    </message>
    <message>
        <source>Slices to lear&amp;n from:</source>
        <translation>Coupes d'app&amp;rentissage :</translation>
    </message>
    <message>
        <source>Labelled slices of each structure to learn from; the others tell how much better it got.</source>
        <translation>Coupes annotées de chaque structure dont apprendre ; les autres disent combien cela a apporté.</translation>
    </message>
    <message>
        <source>Lear&amp;n…</source>
        <translation>Appre&amp;ndre…</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Choisir où garder les repères appris, et apprendre ; ils sont utilisés aussitôt.</translation>
    </message>
    <message>
        <source>How far it is, and what it brought on slices that were not learned from.</source>
        <translation>Où en est l'apprentissage, et ce qu'il a apporté sur des coupes qui n'ont pas servi à apprendre.</translation>
    </message>
    <message>
        <source>Lo&amp;g</source>
        <translation>&amp;Journal</translation>
    </message>
    <message>
        <source>What the worker and the installer said, for a bug report.</source>
        <translation>Ce qu'ont dit le processus de calcul et l'installation, pour un rapport d'erreur.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Everything that the worker and the installer said.</source>
        <translation>Tout ce qu'ont dit le processus de calcul et l'installation.</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>Expli&amp;quer</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progression</translation>
    </message>
    <message>
        <source>How far the run is, and about how long it still takes.</source>
        <translation>Où en est le calcul, et combien de temps il prendra encore environ.</translation>
    </message>
    <message>
        <source>What a run with these settings costs: evaluations of the model, slices and time.</source>
        <translation>Ce que coûte un calcul avec ces réglages : évaluations du modèle, coupes et temps.</translation>
    </message>
    <message>
        <source>What XAICLIP is doing.</source>
        <translation>Ce que fait XAICLIP.</translation>
    </message>
    <message>
        <source>Something needs your attention.</source>
        <translation>Quelque chose demande votre attention.</translation>
    </message>
    <message>
        <source>What is wrong, and what to do.</source>
        <translation>Ce qui ne va pas, et ce qu'il faut faire.</translation>
    </message>
    <message>
        <source>Do what the message proposes.</source>
        <translation>Faire ce que propose le message.</translation>
    </message>
    <message>
        <source>&amp;Run:</source>
        <translation>Calcu&amp;l :</translation>
    </message>
    <message>
        <source>The runs in this scene, the newest first.</source>
        <translation>Les calculs de cette scène, le plus récent d'abord.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>S&amp;upprimer</translation>
    </message>
    <message>
        <source>Remove this run's volumes, segmentations, table and curves from the scene.</source>
        <translation>Supprimer de la scène les volumes, segmentations, table et courbes de ce calcul.</translation>
    </message>
    <message>
        <source>The answer of the run in one sentence for each structure.</source>
        <translation>La réponse du calcul en une phrase par structure.</translation>
    </message>
    <message>
        <source>&amp;2×2 views</source>
        <translation>Vues &amp;2×2</translation>
    </message>
    <message>
        <source>Image, region, saliency and prediction side by side, linked; release to get your own layout back.</source>
        <translation>Image, région, saillance et prédiction côte à côte, liées ; relâcher rétablit votre disposition.</translation>
    </message>
    <message>
        <source>Show in &amp;3D</source>
        <translation>Voir en &amp;3D</translation>
    </message>
    <message>
        <source>Volume rendering of the saliency with the surface of the predicted organ.</source>
        <translation>Rendu volumique de la saillance avec la surface de l'organe prédit.</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>&amp;Rapport</translation>
    </message>
    <message>
        <source>Open the report of this run in the web browser: what was asked, pictures, numbers, curves and warnings on one page.</source>
        <translation>Ouvrir le rapport de ce calcul dans le navigateur : ce qui a été demandé, images, chiffres, courbes et avertissements sur une page.</translation>
    </message>
    <message>
        <source>E&amp;xport to DICOM…</source>
        <translation>Export DI&amp;COM…</translation>
    </message>
    <message>
        <source>Write maps as Parametric Maps, masks as segmentations and pictures as Secondary Captures, for an archive.</source>
        <translation>Écrire les cartes en Parametric Maps, les masques en segmentations et les images en Secondary Captures, pour une archive.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>Enregi&amp;strer</translation>
    </message>
    <message>
        <source>Save volumes, pictures and report of this run, or the scene.</source>
        <translation>Enregistrer volumes, images et rapport de ce calcul, ou la scène.</translation>
    </message>
    <message>
        <source>For research only; not for clinical use.</source>
        <translation>Pour la recherche seulement ; pas pour l'usage clinique.</translation>
    </message>
    <message>
        <source>XAICLIP is no medical device.</source>
        <translation>XAICLIP n'est pas un dispositif médical.</translation>
    </message>
    <message>
        <source>XAICLIP</source>
        <translation>XAICLIP</translation>
    </message>
    <message>
        <source>Ask a segmentation model why: name a structure, check the region in which it is found, and see which parts of it the model's segmentation depends on. Choose a scan, tick a structure, press Explain.</source>
        <translation>Demandez à un modèle de segmentation pourquoi : nommez une structure, vérifiez la région où elle est trouvée, et voyez de quelles parties dépend la segmentation du modèle. Choisissez un examen, cochez une structure, appuyez sur Expliquer.</translation>
    </message>
    <message>
        <source>For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0.</source>
        <translation>Pour la recherche seulement, pas pour l'usage clinique. Rien ne quitte cet ordinateur. Licence : Apache 2.0.</translation>
    </message>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>La scène a été fermée, le calcul a donc été arrêté.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Give one inside it, in RAS mm.</source>
        <translation>Cet endroit est hors de l'examen. Donnez-en un à l'intérieur, en mm RAS.</translation>
    </message>
</context>
<context>
    <name>panel.answers</name>
    <message>
        <source>{answer} (tested: {test}).</source>
        <translation>{answer} (testé : {test}).</translation>
    </message>
    <message>
        <source>{structure}: hiding single places does not change what the model draws</source>
        <translation>{structure} : masquer des endroits isolés ne change pas ce que trace le modèle</translation>
    </message>
    <message>
        <source>{structure}: whether the map says more than where it is cannot be told.</source>
        <translation>{structure} : impossible de dire si la carte en dit plus que l'emplacement.</translation>
    </message>
    <message>
        <source>{structure}: well supported; nothing in the tests spoke against it.</source>
        <translation>{structure} : bien étayé ; rien dans les tests ne s'y oppose.</translation>
    </message>
    <message>
        <source>{structure}: weakly supported.</source>
        <translation>{structure} : faiblement étayé.</translation>
    </message>
    <message>
        <source>{structure}: the map is the organ's shape; it does not say why.</source>
        <translation>{structure} : la carte est la forme de l'organe ; elle ne dit pas pourquoi.</translation>
    </message>
    <message>
        <source>{structure}: not supported; conclude nothing from this map.</source>
        <translation>{structure} : non étayé ; ne concluez rien de cette carte.</translation>
    </message>
    <message>
        <source>model or words were made for other scans</source>
        <translation>le modèle ou les mots sont faits pour d'autres examens</translation>
    </message>
    <message>
        <source>there is a doubt about the model or the region</source>
        <translation>il y a un doute sur le modèle ou la région</translation>
    </message>
    <message>
        <source>hiding places changes nothing</source>
        <translation>masquer des endroits ne change rien</translation>
    </message>
    <message>
        <source>values lie beyond what can be</source>
        <translation>des valeurs dépassent ce qui est possible</translation>
    </message>
    <message>
        <source>it changes from sample to sample</source>
        <translation>cela change d'un échantillon à l'autre</translation>
    </message>
    <message>
        <source>the model answers differently when it is run again</source>
        <translation>le modèle répond autrement quand il est relancé</translation>
    </message>
    <message>
        <source>the model answers differently beside other images</source>
        <translation>le modèle répond autrement à côté d'autres images</translation>
    </message>
    <message>
        <source>the region misses most of the structure</source>
        <translation>la région manque la plus grande part de la structure</translation>
    </message>
    <message>
        <source>the model's drawing differs from the reference</source>
        <translation>le tracé du modèle diffère de la référence</translation>
    </message>
    <message>
        <source>hiding the whole region changes next to nothing</source>
        <translation>masquer toute la région ne change presque rien</translation>
    </message>
    <message>
        <source>hiding the whole region changes little</source>
        <translation>masquer toute la région change peu</translation>
    </message>
    <message>
        <source>the largest effect is small</source>
        <translation>le plus grand effet est petit</translation>
    </message>
    <message>
        <source>the model was run too few times</source>
        <translation>le modèle a été exécuté trop peu de fois</translation>
    </message>
    <message>
        <source>not all tests were made</source>
        <translation>tous les tests n'ont pas été faits</translation>
    </message>
    <message>
        <source>places rank hardly better than by chance</source>
        <translation>le classement des endroits vaut à peine mieux que le hasard</translation>
    </message>
    <message>
        <source>random places do as well</source>
        <translation>des endroits au hasard font aussi bien</translation>
    </message>
    <message>
        <source>the region alone does as well</source>
        <translation>la région seule fait aussi bien</translation>
    </message>
    <message>
        <source>it looks like the map of a model that only loses what is hidden</source>
        <translation>elle ressemble à la carte d'un modèle qui ne perd que ce qui est masqué</translation>
    </message>
    <message>
        <source>the outline of the organ does as well</source>
        <translation>le contour de l'organe fait aussi bien</translation>
    </message>
    <message>
        <source>an untrained model gives the same map</source>
        <translation>un modèle non entraîné donne la même carte</translation>
    </message>
    <message>
        <source>a place outside the region matters too</source>
        <translation>un endroit hors de la région compte aussi</translation>
    </message>
    <message>
        <source>it may be about what places are hidden with</source>
        <translation>cela peut tenir à ce qui masque les endroits</translation>
    </message>
    <message>
        <source>it does not hold when places are hidden otherwise</source>
        <translation>cela ne tient pas quand les endroits sont masqués autrement</translation>
    </message>
    <message>
        <source>it changes with what places are hidden with</source>
        <translation>cela change selon ce qui masque les endroits</translation>
    </message>
    <message>
        <source>it changes with the random start</source>
        <translation>cela change avec la graine aléatoire</translation>
    </message>
    <message>
        <source>Tested on the whole volume.</source>
        <translation>Testé sur tout le volume.</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>bien étayé</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>faiblement étayé</translation>
    </message>
    <message>
        <source>the organ's shape</source>
        <translation>la forme de l'organe</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>non étayé</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>non testé</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most takes what the model draws from {before} to {after}</source>
        <translation>{structure} : masquer l'endroit le plus important fait passer ce que trace le modèle de {before} à {after}</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most, in slice {slice}, takes what the model draws from {before} to {after}</source>
        <translation>{structure} : masquer l'endroit le plus important, dans la coupe {slice}, fait passer ce que trace le modèle de {before} à {after}</translation>
    </message>
    <message>
        <source>{structure}: overlap with the reference {dice} (Dice; 1 is all of it).</source>
        <translation>{structure} : recouvrement avec la référence {dice} (Dice ; 1 est la totalité).</translation>
    </message>
    <message>
        <source>{structure}: the map shows where it is, not why the model draws it.</source>
        <translation>{structure} : la carte montre où elle est, pas pourquoi le modèle la trace.</translation>
    </message>
    <message>
        <source>{structure}: the map says more than where it is.</source>
        <translation>{structure} : la carte en dit plus que l'emplacement.</translation>
    </message>
    <message>
        <source>one of the tests</source>
        <translation>un des tests</translation>
    </message>
    <message>
        <source>{structure}: rank correlation {value} with a map that needs no model.</source>
        <translation>{structure} : corrélation de rang {value} avec une carte qui se passe de modèle.</translation>
    </message>
    <message>
        <source>{structure}: {verdict} ({reasons}).</source>
        <translation>{structure} : {verdict} ({reasons}).</translation>
    </message>
    <message>
        <source>{structure}: not tested.</source>
        <translation>{structure} : non testé.</translation>
    </message>
    <message>
        <source>What speaks against it: {reasons}.</source>
        <translation>Ce qui s'y oppose : {reasons}.</translation>
    </message>
    <message>
        <source>Tested in slice {slice}.</source>
        <translation>Testé dans la coupe {slice}.</translation>
    </message>
    <message>
        <source>Tested in slices {slices}.</source>
        <translation>Testé dans les coupes {slices}.</translation>
    </message>
    <message>
        <source>{count} more structures: see Report.</source>
        <translation>{count} autres structures : voir le rapport.</translation>
    </message>
    <message>
        <source>{words} (slice {slice})</source>
        <translation>{words} (coupe {slice})</translation>
    </message>
</context>
<context>
    <name>panel.choices</name>
    <message>
        <source>The one in the axial view</source>
        <translation>Celle de la vue axiale</translation>
    </message>
    <message>
        <source>A range</source>
        <translation>Un intervalle</translation>
    </message>
    <message>
        <source>All that show the structure</source>
        <translation>Toutes celles qui montrent la structure</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>CT</translation>
    </message>
    <message>
        <source>MR</source>
        <translation>IRM</translation>
    </message>
    <message>
        <source>PET</source>
        <translation>TEP</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>Échographie</translation>
    </message>
    <message>
        <source>Nuclear medicine</source>
        <translation>Médecine nucléaire</translation>
    </message>
    <message>
        <source>Computed radiography</source>
        <translation>Radiographie (CR)</translation>
    </message>
    <message>
        <source>Digital radiography</source>
        <translation>Radiographie numérique (DR)</translation>
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
        <translation>Autre</translation>
    </message>
    <message>
        <source>Automatic, by modality</source>
        <translation>Automatique, selon la modalité</translation>
    </message>
    <message>
        <source>CT soft tissue</source>
        <translation>CT tissus mous</translation>
    </message>
    <message>
        <source>CT liver</source>
        <translation>CT foie</translation>
    </message>
    <message>
        <source>CT lung</source>
        <translation>CT poumon</translation>
    </message>
    <message>
        <source>CT bone</source>
        <translation>CT os</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Comme dans la publication</translation>
    </message>
    <message>
        <source>Where the words are found</source>
        <translation>Là où sont trouvés les mots</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>La prédiction du modèle lui-même</translation>
    </message>
    <message>
        <source>A segment</source>
        <translation>Un segment</translation>
    </message>
    <message>
        <source>A box</source>
        <translation>Une boîte</translation>
    </message>
    <message>
        <source>The whole slice</source>
        <translation>Toute la coupe</translation>
    </message>
    <message>
        <source>Automatic, by model</source>
        <translation>Automatique, selon le modèle</translation>
    </message>
    <message>
        <source>Patch tokens</source>
        <translation>Tokens de patch</translation>
    </message>
    <message>
        <source>Sliding windows (slow)</source>
        <translation>Fenêtres glissantes (lent)</translation>
    </message>
    <message>
        <source>Bundled U-Net (CT of the abdomen)</source>
        <translation>U-Net fourni (CT de l'abdomen)</translation>
    </message>
    <message>
        <source>A segment in the scene</source>
        <translation>Un segment de la scène</translation>
    </message>
    <message>
        <source>A model on this machine</source>
        <translation>Un modèle de cet ordinateur</translation>
    </message>
    <message>
        <source>My own model</source>
        <translation>Mon propre modèle</translation>
    </message>
    <message>
        <source>Automatic, by the file</source>
        <translation>Automatique, d'après le fichier</translation>
    </message>
    <message>
        <source>Segment Anything (SAM)</source>
        <translation>Segment Anything (SAM)</translation>
    </message>
    <message>
        <source>MONAI bundle</source>
        <translation>Bundle MONAI</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Occlusion</translation>
    </message>
    <message>
        <source>Occlusion, coarse to fine</source>
        <translation>Occlusion, du grossier au fin</translation>
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
        <translation>Attribution HSIC</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Aperçu</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Équilibré</translation>
    </message>
    <message>
        <source>Full, as in the paper</source>
        <translation>Complet, comme la publication</translation>
    </message>
    <message>
        <source>My own settings</source>
        <translation>Mes propres réglages</translation>
    </message>
    <message>
        <source>Zero, as in the paper</source>
        <translation>Zéro, comme la publication</translation>
    </message>
    <message>
        <source>Mean of the slice</source>
        <translation>Moyenne de la coupe</translation>
    </message>
    <message>
        <source>Mean of the surroundings</source>
        <translation>Moyenne de l'entourage</translation>
    </message>
    <message>
        <source>Blurred image</source>
        <translation>Image floutée</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Bruit</translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation>Inpainting</translation>
    </message>
    <message>
        <source>Air (CT)</source>
        <translation>Air (CT)</translation>
    </message>
    <message>
        <source>Fat (CT)</source>
        <translation>Graisse (CT)</translation>
    </message>
    <message>
        <source>Water (CT)</source>
        <translation>Eau (CT)</translation>
    </message>
    <message>
        <source>Soft tissue (CT)</source>
        <translation>Tissus mous (CT)</translation>
    </message>
    <message>
        <source>Dice, as in the paper</source>
        <translation>Dice, comme la publication</translation>
    </message>
    <message>
        <source>Soft Dice</source>
        <translation>Dice souple</translation>
    </message>
    <message>
        <source>Confidence of the model</source>
        <translation>Confiance du modèle</translation>
    </message>
    <message>
        <source>Raw, as in the paper</source>
        <translation>Brut, comme la publication</translation>
    </message>
    <message>
        <source>Centered</source>
        <translation>Centré</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>Régression ridge</translation>
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
        <translation>Jet, comme la publication</translation>
    </message>
</context>
<context>
    <name>panel.numbers</name>
    <message>
        <source>Slice</source>
        <translation>Coupe</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>Structure</translation>
    </message>
    <message>
        <source>Largest drop</source>
        <translation>Plus forte baisse</translation>
    </message>
    <message>
        <source>Still drawn where hidden</source>
        <translation>Encore tracé où masqué</translation>
    </message>
    <message>
        <source>Rest lost by one place</source>
        <translation>Reste perdu par un endroit</translation>
    </message>
    <message>
        <source>Score before</source>
        <translation>Score avant</translation>
    </message>
    <message>
        <source>Dice with reference</source>
        <translation>Dice avec la référence</translation>
    </message>
    <message>
        <source>Surface distance (mm)</source>
        <translation>Distance de surface (mm)</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Verdict</translation>
    </message>
    <message>
        <source>Model runs</source>
        <translation>Exécutions du modèle</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Temps (s)</translation>
    </message>
    <message>
        <source>Slice of largest drop</source>
        <translation>Coupe de la plus forte baisse</translation>
    </message>
    <message>
        <source>Smallest drop</source>
        <translation>Plus faible baisse</translation>
    </message>
    <message>
        <source>Region, of the slice</source>
        <translation>Région, part de la coupe</translation>
    </message>
    <message>
        <source>Organ inside the region</source>
        <translation>Organe dans la région</translation>
    </message>
    <message>
        <source>Drawn area (mm²)</source>
        <translation>Surface tracée (mm²)</translation>
    </message>
    <message>
        <source>Likeness to the shape</source>
        <translation>Ressemblance à la forme</translation>
    </message>
    <message>
        <source>Matters outside</source>
        <translation>Compte au-dehors</translation>
    </message>
    <message>
        <source>Region from</source>
        <translation>Région issue de</translation>
    </message>
    <message>
        <source>Runs, of a whole slice</source>
        <translation>Exécutions, d'une coupe entière</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Toutes</translation>
    </message>
</context>
<context>
    <name>panel.panel</name>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>La scène a été fermée, le calcul a donc été arrêté.</translation>
    </message>
</context>
<context>
    <name>panel.question</name>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Choisissez le fichier ou le dossier du modèle.</translation>
    </message>
    <message>
        <source>The model does not segment {names}; untick it, or choose another model.</source>
        <translation>Le modèle ne segmente pas {names} ; décochez, ou choisissez un autre modèle.</translation>
    </message>
</context>
<context>
    <name>panel.questions</name>
    <message>
        <source>{structure}: what does all that is drawn depend on?</source>
        <translation>{structure} : de quoi dépend tout ce qui est tracé ?</translation>
    </message>
    <message>
        <source>{structure}: what does its boundary depend on?</source>
        <translation>{structure} : de quoi dépend son contour ?</translation>
    </message>
    <message>
        <source>{structure}: what holds the missing part back?</source>
        <translation>{structure} : qu'est-ce qui retient la partie manquante ?</translation>
    </message>
    <message>
        <source>{structure}: why is a part drawn outside the reference?</source>
        <translation>{structure} : pourquoi une partie est-elle tracée hors de la référence ?</translation>
    </message>
    <message>
        <source>Between organs: which one needs which?</source>
        <translation>Entre organes : lequel a besoin duquel ?</translation>
    </message>
    <message>
        <source>{structure}: why is island {number} drawn?</source>
        <translation>{structure} : pourquoi l'îlot {number} est-il tracé ?</translation>
    </message>
</context>
<context>
    <name>panel.selftest</name>
    <message>
        <source>All tests passed</source>
        <translation>Tous les tests ont réussi</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>Expli&amp;quer</translation>
    </message>
    <message>
        <source>Python packages are missing: the worker is not tested</source>
        <translation>Des paquets Python manquent : le processus de calcul n'est pas testé</translation>
    </message>
    <message>
        <source>Python packages are missing: the panel is not tested</source>
        <translation>Des paquets Python manquent : le panneau n'est pas testé</translation>
    </message>
</context>
<context>
    <name>scene.answers</name>
    <message>
        <source>Lost of what is asked
about, hidden here</source>
        <translation>Perte de ce qui est
demandé, masqué ici</translation>
    </message>
    <message>
        <source>Lost when the
place is hidden</source>
        <translation>Perte quand
l'endroit est masqué</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>réponse</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more, so that nothing can be shown on it.</source>
        <translation>L'examen de ce calcul n'est plus dans la scène, rien ne peut donc y être affiché.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Un résultat n'est pas dans l'examen ; l'examen a-t-il changé entre-temps ? Expliquez de nouveau.</translation>
    </message>
</context>
<context>
    <name>scene.between</name>
    <message>
        <source>hidden</source>
        <translation>masqué</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Entre organes</translation>
    </message>
    <message>
        <source>What each structure loses when another is hidden</source>
        <translation>Ce que perd chaque structure quand une autre est masquée</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Masqué</translation>
    </message>
    <message>
        <source>Share that is lost</source>
        <translation>Part perdue</translation>
    </message>
    <message>
        <source>loss of the {structure}</source>
        <translation>perte : {structure}</translation>
    </message>
</context>
<context>
    <name>scene.colours</name>
    <message>
        <source>signed</source>
        <translation>signé</translation>
    </message>
</context>
<context>
    <name>scene.curves</name>
    <message>
        <source>Share of the region</source>
        <translation>Part de la région</translation>
    </message>
    <message>
        <source>Deletion</source>
        <translation>Suppression</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>Insertion</translation>
    </message>
    <message>
        <source>Random order</source>
        <translation>Ordre aléatoire</translation>
    </message>
    <message>
        <source>Deletion, bare region</source>
        <translation>Suppression, région nue</translation>
    </message>
    <message>
        <source>Insertion, bare region</source>
        <translation>Insertion, région nue</translation>
    </message>
    <message>
        <source>Deletion, organ's shape</source>
        <translation>Suppression, forme de l'organe</translation>
    </message>
    <message>
        <source>Insertion, organ's shape</source>
        <translation>Insertion, forme de l'organe</translation>
    </message>
    <message>
        <source>Share of the region taken away or put back</source>
        <translation>Part de la région retirée ou remise</translation>
    </message>
    <message>
        <source>{structure}, filled with {fill}</source>
        <translation>{structure}, rempli avec {fill}</translation>
    </message>
    <message>
        <source>, slice {slice}</source>
        <translation>, coupe {slice}</translation>
    </message>
</context>
<context>
    <name>scene.labels</name>
    <message>
        <source>{one} and {other} overlap in {node}. Tick only one of them.</source>
        <translation>{one} et {other} se chevauchent dans {node}. N'en cochez qu'une.</translation>
    </message>
    <message>
        <source>{node} has no segment called {structure}; it has {names}. Rename the segment, or untick {structure}.</source>
        <translation>{node} n'a pas de segment nommé {structure} ; il a {names}. Renommez le segment, ou décochez {structure}.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
</context>
<context>
    <name>scene.layout</name>
    <message>
        <source>Image</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Région</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Saillance</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Prédiction</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Courbes</translation>
    </message>
</context>
<context>
    <name>scene.legends</name>
    <message>
        <source>Drop of Dice</source>
        <translation>Baisse du Dice</translation>
    </message>
    <message>
        <source>Drop of soft Dice</source>
        <translation>Baisse du Dice souple</translation>
    </message>
    <message>
        <source>Drop of confidence</source>
        <translation>Baisse de la confiance</translation>
    </message>
    <message>
        <source>Mean score</source>
        <translation>Score moyen</translation>
    </message>
    <message>
        <source>Score drop</source>
        <translation>Baisse du score</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Saillance</translation>
    </message>
    <message>
        <source>Share of the rest lost</source>
        <translation>Part perdue du reste</translation>
    </message>
    <message>
        <source>Share of the rest of
the {structure} lost</source>
        <translation>Part perdue du reste,
{structure}</translation>
    </message>
    <message>
        <source>1: the largest of each</source>
        <translation>1 : le plus grand de chacun</translation>
    </message>
    <message>
        <source>1 stands for {largest}</source>
        <translation>1 correspond à {largest}</translation>
    </message>
</context>
<context>
    <name>scene.nodes</name>
    <message>
        <source>region</source>
        <translation>région</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Région</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>prédiction</translation>
    </message>
    <message>
        <source>provenance</source>
        <translation>provenance</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>saillance</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>mesures</translation>
    </message>
    <message>
        <source>drop {label}, {image} alone</source>
        <translation>baisse {label}, {image} seule</translation>
    </message>
    <message>
        <source>drop {label}</source>
        <translation>baisse {label}</translation>
    </message>
</context>
<context>
    <name>scene.pair</name>
    <message>
        <source>difference</source>
        <translation>différence</translation>
    </message>
    <message>
        <source>Second minus first</source>
        <translation>Second moins premier</translation>
    </message>
    <message>
        <source>2 minus 1</source>
        <translation>2 moins 1</translation>
    </message>
    <message>
        <source>Predictions: 1 outlined, 2 filled</source>
        <translation>Prédictions : 1 en contour, 2 remplie</translation>
    </message>
    <message>
        <source>These are one run. Choose another one to put beside it.</source>
        <translation>C'est un seul et même calcul. Choisissez-en un autre à mettre à côté.</translation>
    </message>
    <message>
        <source>These two runs share no structure. Choose two runs on the same one.</source>
        <translation>Ces deux calculs n'ont pas de structure commune. Choisissez deux calculs sur la même.</translation>
    </message>
    <message>
        <source>a scan that is gone</source>
        <translation>un examen disparu</translation>
    </message>
    <message>
        <source>Share of its own
largest value</source>
        <translation>Part de sa propre
plus grande valeur</translation>
    </message>
    <message>
        <source>1: {name}</source>
        <translation>1 : {name}</translation>
    </message>
    <message>
        <source>2: {name}</source>
        <translation>2 : {name}</translation>
    </message>
    <message>
        <source>These are runs on different scans ({first}, {second}). Choose two runs on one scan.</source>
        <translation>Ces calculs portent sur des examens différents ({first}, {second}). Choisissez deux calculs sur un examen.</translation>
    </message>
</context>
<context>
    <name>scene.preview</name>
    <message>
        <source>No slice was looked at. Choose slices that lie inside the scan.</source>
        <translation>Aucune coupe n'a été regardée. Choisissez des coupes à l'intérieur de l'examen.</translation>
    </message>
    <message>
        <source>Likeness to the words</source>
        <translation>Ressemblance aux mots</translation>
    </message>
    <message>
        <source>Region preview</source>
        <translation>Aperçu de la région</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Région</translation>
    </message>
    <message>
        <source>Similarity preview</source>
        <translation>Aperçu de la similarité</translation>
    </message>
</context>
<context>
    <name>scene.results</name>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Le résultat n'est pas sur la grille de l'examen ; l'examen a-t-il changé entre-temps ? Expliquez de nouveau.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Un résultat n'est pas dans l'examen ; l'examen a-t-il changé entre-temps ? Expliquez de nouveau.</translation>
    </message>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile?</source>
        <translation>Le résultat n'est pas sur la grille de l'examen ; l'examen a-t-il changé entre-temps ?</translation>
    </message>
    <message>
        <source>{folder} is incomplete ({reason}). Explain again.</source>
        <translation>{folder} est incomplet ({reason}). Expliquez de nouveau.</translation>
    </message>
</context>
<context>
    <name>scene.sampledata</name>
    <message>
        <source>Explaining segmentation models (XAICLIP)</source>
        <translation>Expliquer les modèles de segmentation (XAICLIP)</translation>
    </message>
</context>
<context>
    <name>scene.saving</name>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>La base DICOM de Slicer n'est pas ouverte ; ouvrez une fois le module DICOM, ou enregistrez dans un dossier.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database did not take the objects; save them to a folder instead.</source>
        <translation>La base DICOM de Slicer n'a pas pris les objets ; enregistrez-les plutôt dans un dossier.</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} n'a pas été écrit</translation>
    </message>
</context>
<context>
    <name>scene.volumes</name>
    <message>
        <source>No scan is chosen. Load a CT or MR volume and choose it as the scan.</source>
        <translation>Aucun examen n'est choisi. Chargez un volume CT ou IRM et choisissez-le comme examen.</translation>
    </message>
    <message>
        <source>No segment is chosen as the region. Choose a segmentation and a segment.</source>
        <translation>Aucun segment n'est choisi comme région. Choisissez une segmentation et un segment.</translation>
    </message>
    <message>
        <source>The region box is not placed yet. Place a markups ROI around the region.</source>
        <translation>La boîte de la région n'est pas encore placée. Placez une ROI Markups autour de la région.</translation>
    </message>
    <message>
        <source>No point is placed yet. Place a markups point inside the structure.</source>
        <translation>Aucun point n'est encore placé. Placez un point Markups dans la structure.</translation>
    </message>
    <message>
        <source>{name} is no scan (it is a {kind}). Choose a CT or MR volume.</source>
        <translation>{name} n'est pas un examen (c'est : {kind}). Choisissez un volume CT ou IRM.</translation>
    </message>
    <message>
        <source>{name} is empty: it has no voxels. Choose another scan or load it again.</source>
        <translation>{name} est vide : il n'a pas de voxels. Choisissez un autre examen ou rechargez-le.</translation>
    </message>
    <message>
        <source>{name} has {count} values per voxel (a colour, vector or time series). Extract one channel or time point as a scalar volume and choose that.</source>
        <translation>{name} a {count} valeurs par voxel (couleur, vecteur ou série temporelle). Extrayez un canal ou un instant comme volume scalaire et choisissez-le.</translation>
    </message>
    <message>
        <source>{name} is under a non-linear transform ({transform}). Harden the transform on a copy of the scan (Transforms module), or take the scan out of it.</source>
        <translation>{name} est sous une transformation non linéaire ({transform}). Appliquez la transformation à une copie de l'examen (module Transforms), ou retirez-en l'examen.</translation>
    </message>
    <message>
        <source>{name} has axes that are not at right angles. Resample it (Resample Scalar Volume) first.</source>
        <translation>{name} a des axes qui ne sont pas à angle droit. Rééchantillonnez-le d'abord (Resample Scalar Volume).</translation>
    </message>
    <message>
        <source>{path} could not be written. Free some disk space, or set another temporary folder in the settings.</source>
        <translation>{path} n'a pas pu être écrit. Libérez de l'espace disque, ou réglez un autre dossier temporaire dans les paramètres.</translation>
    </message>
    <message>
        <source>The segment {segment} is empty inside {scan}. Paint it in the Segment Editor or choose another region.</source>
        <translation>Le segment {segment} est vide dans {scan}. Tracez-le dans Segment Editor ou choisissez une autre région.</translation>
    </message>
    <message>
        <source>{path} could not be read. Explain again.</source>
        <translation>{path} n'a pas pu être lu. Expliquez de nouveau.</translation>
    </message>
</context>
<context>
    <name>scene.words</name>
    <message>
        <source>occlusion</source>
        <translation>occlusion</translation>
    </message>
    <message>
        <source>hierarchical</source>
        <translation>hiérarchique</translation>
    </message>
</context>
<context>
    <name>sections.advanced</name>
    <message>
        <source>Everything else is set as recommended.</source>
        <translation>Tout le reste est réglé comme recommandé.</translation>
    </message>
    <message>
        <source>kind of model: {value}</source>
        <translation>type de modèle : {value}</translation>
    </message>
    <message>
        <source>method: {value}</source>
        <translation>méthode : {value}</translation>
    </message>
    <message>
        <source>quality: {value}</source>
        <translation>qualité : {value}</translation>
    </message>
    <message>
        <source>fill: {value}</source>
        <translation>remplissage : {value}</translation>
    </message>
    <message>
        <source>measure: {value}</source>
        <translation>mesure : {value}</translation>
    </message>
    <message>
        <source>modality: {value}</source>
        <translation>modalité : {value}</translation>
    </message>
    <message>
        <source>contrast: {value}</source>
        <translation>contraste : {value}</translation>
    </message>
    <message>
        <source>each organ is hidden, too</source>
        <translation>chaque organe est aussi masqué</translation>
    </message>
    <message>
        <source>learned words</source>
        <translation>mots appris</translation>
    </message>
    <message>
        <source>Differs from what is recommended: {changes}.</source>
        <translation>Diffère de la recommandation : {changes}.</translation>
    </message>
    <message>
        <source>reference: {value}</source>
        <translation>référence : {value}</translation>
    </message>
    <message>
        <source>computed on: {value}</source>
        <translation>calculé sur : {value}</translation>
    </message>
    <message>
        <source>seed: {value}</source>
        <translation>graine : {value}</translation>
    </message>
    <message>
        <source>region: {value}</source>
        <translation>région : {value}</translation>
    </message>
    <message>
        <source>margin: {value} mm</source>
        <translation>marge : {value} mm</translation>
    </message>
    <message>
        <source>language model: {value}</source>
        <translation>modèle de langage : {value}</translation>
    </message>
    <message>
        <source>comparison: {value}</source>
        <translation>comparaison : {value}</translation>
    </message>
    <message>
        <source>threshold: {value}</source>
        <translation>seuil : {value}</translation>
    </message>
    <message>
        <source>smoothing: {value} px</source>
        <translation>lissage : {value} px</translation>
    </message>
</context>
<context>
    <name>sections.answer</name>
    <message>
        <source>A&amp;nswer</source>
        <translation>Répo&amp;nse</translation>
    </message>
    <message>
        <source>What the run says, how it was tested, and the numbers.</source>
        <translation>Ce que dit le calcul, comment cela a été testé, et les chiffres.</translation>
    </message>
</context>
<context>
    <name>sections.ask</name>
    <message>
        <source>As&amp;k</source>
        <translation>Deman&amp;der</translation>
    </message>
    <message>
        <source>Ask about any place: why it is drawn, and what hangs on it. No model is run.</source>
        <translation>Interroger n'importe quel endroit : pourquoi il est tracé, et ce qui en dépend. Aucun modèle n'est exécuté.</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view.</source>
        <translation>Déplacez la souris sur une vue en coupe.</translation>
    </message>
    <message>
        <source>Rows were hidden, columns show what share of each structure was lost.</source>
        <translation>Les lignes ont été masquées, les colonnes montrent la part perdue de chaque structure.</translation>
    </message>
    <message>
        <source>Why is this drawn here?</source>
        <translation>Pourquoi est-ce tracé ici ?</translation>
    </message>
    <message>
        <source>What hangs on this place?</source>
        <translation>Qu'est-ce qui dépend de cet endroit ?</translation>
    </message>
    <message>
        <source>What is drawn there</source>
        <translation>Ce qui y est tracé</translation>
    </message>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Il n'y a pas encore de calcul. Appuyez d'abord sur Expliquer.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Move the mouse over the patient.</source>
        <translation>Cet endroit est hors de l'examen. Déplacez la souris sur le patient.</translation>
    </message>
    <message>
        <source>A run is under way. Ask again when it has ended.</source>
        <translation>Un calcul est en cours. Demandez de nouveau quand il sera fini.</translation>
    </message>
    <message>
        <source>Choose a question…</source>
        <translation>Choisir une question…</translation>
    </message>
</context>
<context>
    <name>sections.compare</name>
    <message>
        <source>C&amp;ompare</source>
        <translation>Com&amp;parer</translation>
    </message>
    <message>
        <source>Two runs on one scan side by side, with the difference of their maps.</source>
        <translation>Deux calculs sur un examen, côte à côte, avec la différence de leurs cartes.</translation>
    </message>
    <message>
        <source>method</source>
        <translation>méthode</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modèle</translation>
    </message>
    <message>
        <source>region</source>
        <translation>région</translation>
    </message>
    <message>
        <source>margin (mm)</source>
        <translation>marge (mm)</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>remplissage</translation>
    </message>
    <message>
        <source>patch</source>
        <translation>carré</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>pas</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>masques</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>échantillons</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>grille</translation>
    </message>
    <message>
        <source>score</source>
        <translation>score</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>coupes</translation>
    </message>
    <message>
        <source>structures</source>
        <translation>structures</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>référence</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>seuil</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>graine</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>modalité</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>contraste</translation>
    </message>
    <message>
        <source>There is no other run on this scan. Explain once more, with another setting.</source>
        <translation>Il n'y a pas d'autre calcul sur cet examen. Expliquez encore une fois, avec un autre réglage.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Comparaison…</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>non réglé</translation>
    </message>
    <message>
        <source>{name}: {first} in 1, {second} in 2</source>
        <translation>{name} : {first} en 1, {second} en 2</translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation>En rien.</translation>
    </message>
    <message>
        <source>1: {answer}</source>
        <translation>1 : {answer}</translation>
    </message>
    <message>
        <source>2: {answer}</source>
        <translation>2 : {answer}</translation>
    </message>
</context>
<context>
    <name>sections.curves</name>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>Courbes de suppression et d'insertion sous les vues : le score pendant que la région est retirée, ou remise, dans l'ordre de la carte. Relâcher rétablit votre disposition.</translation>
    </message>
    <message>
        <source>This run was stopped before its map was tested, so that there are no curves.</source>
        <translation>Ce calcul a été arrêté avant le test de sa carte ; il n'y a donc pas de courbes.</translation>
    </message>
</context>
<context>
    <name>sections.display</name>
    <message>
        <source>What supports the model's drawing</source>
        <translation>Ce qui soutient le tracé du modèle</translation>
    </message>
    <message>
        <source>Displa&amp;y</source>
        <translation>Affic&amp;hage</translation>
    </message>
    <message>
        <source>Which map is shown, in which colors, and from which value on.</source>
        <translation>Quelle carte est affichée, en quelles couleurs, et à partir de quelle valeur.</translation>
    </message>
    <message>
        <source>Signed drop of the score: {structure}</source>
        <translation>Baisse signée du score : {structure}</translation>
    </message>
    <message>
        <source>What the rest of the structure depends on</source>
        <translation>Ce dont dépend le reste de la structure</translation>
    </message>
    <message>
        <source>What each structure depends on</source>
        <translation>Ce dont dépend chaque structure</translation>
    </message>
    <message>
        <source>below a drop of {drop}; one scale for all slices</source>
        <translation>sous une baisse de {drop} ; une échelle pour toutes les coupes</translation>
    </message>
    <message>
        <source>below {share} of each slice's largest value: slices can't be compared</source>
        <translation>sous {share} de la plus grande valeur de chaque coupe : coupes non comparables</translation>
    </message>
    <message>
        <source>below a loss of {loss} of the rest; one scale for all slices</source>
        <translation>sous une perte de {loss} du reste ; une échelle pour toutes les coupes</translation>
    </message>
</context>
<context>
    <name>sections.editing</name>
    <message>
        <source>Finding the region in all chosen slices…</source>
        <translation>Recherche de la région dans toutes les coupes choisies…</translation>
    </message>
    <message>
        <source>The region is a segment now; edit it in the Segment Editor, then come back and press Explain.</source>
        <translation>La région est maintenant un segment ; modifiez-le dans Segment Editor, puis revenez et appuyez sur Expliquer.</translation>
    </message>
    <message>
        <source>Region in {scan}</source>
        <translation>Région dans {scan}</translation>
    </message>
</context>
<context>
    <name>sections.explain</name>
    <message>
        <source>Explain {structures} in {scan}, {method}</source>
        <translation>Expliquer {structures} dans {scan}, {method}</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
    <message>
        <source>{share} %, about {time} left</source>
        <translation>{share} %, reste environ {time}</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
    <message>
        <source>Stop after the current batch; the slices that are finished are kept.</source>
        <translation>Arrêter après le lot en cours ; les coupes terminées sont gardées.</translation>
    </message>
    <message>
        <source>This model needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>Ce modèle a besoin de paquets Python qui ne sont pas encore installés : {names} (environ {size} Mo à télécharger).</translation>
    </message>
    <message>
        <source>XAICLIP needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>XAICLIP a besoin de paquets Python qui ne sont pas encore installés : {names} (environ {size} Mo à télécharger).</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Installer</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>Installation…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Démarrage…</translation>
    </message>
    <message>
        <source>Starting the worker; this takes a few seconds…</source>
        <translation>Démarrage du processus de calcul ; cela prend quelques secondes…</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>Arrêt après le lot en cours…</translation>
    </message>
    <message>
        <source>Stopped after {time}; the slices that were finished are kept.</source>
        <translation>Arrêté après {time} ; les coupes terminées sont gardées.</translation>
    </message>
    <message>
        <source>Done in {time}.</source>
        <translation>Terminé en {time}.</translation>
    </message>
    <message>
        <source>Canc&amp;el</source>
        <translation>A&amp;nnuler</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>Expli&amp;quer</translation>
    </message>
    <message>
        <source>Stop the installation.</source>
        <translation>Arrêter l'installation.</translation>
    </message>
    <message>
        <source>The packages are installed.</source>
        <translation>Les paquets sont installés.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
    <message>
        <source>Explain why the model segments the structures as it does.</source>
        <translation>Expliquer pourquoi le modèle segmente ainsi les structures.</translation>
    </message>
    <message>
        <source>{text}…</source>
        <translation>{text}…</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Expliquer quand même</translation>
    </message>
</context>
<context>
    <name>sections.images</name>
    <message>
        <source>The model takes {count} images and the panel gives {most}; use the console or the command line.</source>
        <translation>Le modèle prend {count} images et le panneau en donne au plus {most} ; utilisez la console ou la ligne de commande.</translation>
    </message>
    <message>
        <source>Choose the image {name}; the volume is the model's {first}.</source>
        <translation>Choisissez l'image {name} ; le volume est {first} pour le modèle.</translation>
    </message>
</context>
<context>
    <name>sections.installed</name>
    <message>
        <source>Looking…</source>
        <translation>Recherche…</translation>
    </message>
    <message>
        <source>Segments {names}</source>
        <translation>Segmente {names}</translation>
    </message>
    <message>
        <source>No program has left a model here</source>
        <translation>Aucun programme n'a laissé de modèle ici</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Choisir un modèle</translation>
    </message>
    <message>
        <source>The models that other programs have left on this machine.</source>
        <translation>Les modèles que d'autres programmes ont laissés sur cet ordinateur.</translation>
    </message>
    <message>
        <source>{model} can't be explained: {reason}.</source>
        <translation>{model} ne peut pas être expliqué : {reason}.</translation>
    </message>
</context>
<context>
    <name>sections.languagemodel</name>
    <message>
        <source>on this computer</source>
        <translation>sur cet ordinateur</translation>
    </message>
    <message>
        <source>not on this computer yet</source>
        <translation>pas encore sur cet ordinateur</translation>
    </message>
    <message>
        <source>Wait until the language model is downloaded.</source>
        <translation>Attendez que le modèle de langage soit téléchargé.</translation>
    </message>
    <message>
        <source>Download the language model first, or choose the bundled one.</source>
        <translation>Téléchargez d'abord le modèle de langage, ou choisissez celui qui est fourni.</translation>
    </message>
    <message>
        <source>Downloading…</source>
        <translation>Téléchargement…</translation>
    </message>
    <message>
        <source>{title}. Licence: {licence}; {place}.</source>
        <translation>{title}. Licence : {licence} ; {place}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Stop the download; nothing of it is kept.</source>
        <translation>Arrêter le téléchargement ; rien n'en est gardé.</translation>
    </message>
    <message>
        <source>see its source</source>
        <translation>voir sa source</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Télécharger</translation>
    </message>
    <message>
        <source>{name} is not on this computer. Download fetches it from {source}; or choose another one.</source>
        <translation>{name} n'est pas sur cet ordinateur. Télécharger le prend de {source} ; ou choisissez-en un autre.</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {total} MB</source>
        <translation>Téléchargement de {name} : {done} sur {total} Mo</translation>
    </message>
    <message>
        <source>Download it once from {source}; it is kept in {folder}. Nothing is uploaded.</source>
        <translation>Le télécharger une fois de {source} ; il est gardé dans {folder}. Rien n'est envoyé.</translation>
    </message>
    <message>
        <source>Download {size} MB</source>
        <translation>Télécharger {size} Mo</translation>
    </message>
</context>
<context>
    <name>sections.learning</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Cochez au moins une structure.</translation>
    </message>
    <message>
        <source>Choose the segmentation to learn from.</source>
        <translation>Choisissez la segmentation dont apprendre.</translation>
    </message>
    <message>
        <source>Keep the learned prompts in</source>
        <translation>Garder les repères appris dans</translation>
    </message>
    <message>
        <source>Learned prompts (*.safetensors)</source>
        <translation>Repères appris (*.safetensors)</translation>
    </message>
    <message>
        <source>Learning; this takes some minutes…</source>
        <translation>Apprentissage ; cela prend quelques minutes…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Learn…</source>
        <translation>Apprendre…</translation>
    </message>
    <message>
        <source>Stop learning; nothing is written.</source>
        <translation>Arrêter d'apprendre ; rien n'est écrit.</translation>
    </message>
    <message>
        <source>Stopped; nothing was learned.</source>
        <translation>Arrêté ; rien n'a été appris.</translation>
    </message>
    <message>
        <source>learning</source>
        <translation>apprentissage</translation>
    </message>
    <message>
        <source>{name}: Dice of the region {before} by words, {after} learned, on {count} other slices</source>
        <translation>{name} : Dice de la région {before} par les mots, {after} après apprentissage, sur {count} autres coupes</translation>
    </message>
    <message>
        <source>In use from {file}.</source>
        <translation>Utilisé depuis {file}.</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Choisir où garder les repères appris, et apprendre ; ils sont utilisés aussitôt.</translation>
    </message>
    <message>
        <source>{what}, {share} %…</source>
        <translation>{what}, {share} %…</translation>
    </message>
    <message>
        <source>{name}: learned; no other labelled slice is left to measure on</source>
        <translation>{name} : appris ; il ne reste aucune autre coupe annotée pour mesurer</translation>
    </message>
    <message>
        <source>{name}: no better than its words, so the words are used</source>
        <translation>{name} : pas mieux que ses mots, ce sont donc les mots qui servent</translation>
    </message>
</context>
<context>
    <name>sections.matters</name>
    <message>
        <source>W&amp;hat matters</source>
        <translation>Ce qu&amp;i compte</translation>
    </message>
    <message>
        <source>Hot spots, worst slices, islands and disagreements; a click goes there.</source>
        <translation>Points chauds, pires coupes, îlots et désaccords ; un clic y mène.</translation>
    </message>
    <message>
        <source>Hot spot</source>
        <translation>Point chaud</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>Îlot</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Manquant</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>En trop</translation>
    </message>
    <message>
        <source>right</source>
        <translation>droite</translation>
    </message>
    <message>
        <source>left</source>
        <translation>gauche</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>milieu</translation>
    </message>
    <message>
        <source>Nothing stands out in this run, or it is not finished.</source>
        <translation>Rien ne ressort dans ce calcul, ou il n'est pas terminé.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Quoi</translation>
    </message>
    <message>
        <source>From middle</source>
        <translation>Du centre</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Organe</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Coupe</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>Combien</translation>
    </message>
    <message>
        <source>Worst slice</source>
        <translation>Pire coupe</translation>
    </message>
    <message>
        <source>Sensitive slice</source>
        <translation>Coupe sensible</translation>
    </message>
    <message>
        <source>drop {value}</source>
        <translation>baisse {value}</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more.</source>
        <translation>L'examen de ce calcul n'est plus dans la scène.</translation>
    </message>
    <message>
        <source>{structure}: {what}</source>
        <translation>{structure} : {what}</translation>
    </message>
    <message>
        <source>near {organ}</source>
        <translation>près de : {organ}</translation>
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
        <translation>{mm} mm à gauche de son milieu</translation>
    </message>
    <message>
        <source>{mm} mm right of its middle</source>
        <translation>{mm} mm à droite de son milieu</translation>
    </message>
    <message>
        <source>{mm} mm behind it</source>
        <translation>{mm} mm derrière</translation>
    </message>
    <message>
        <source>{mm} mm in front of it</source>
        <translation>{mm} mm devant</translation>
    </message>
    <message>
        <source>{mm} mm above it</source>
        <translation>{mm} mm au-dessus</translation>
    </message>
    <message>
        <source>{mm} mm below it</source>
        <translation>{mm} mm au-dessous</translation>
    </message>
    <message>
        <source>{share} of the rest is lost where it is hidden</source>
        <translation>{share} du reste est perdu là où c'est masqué</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>coupe {slice}</translation>
    </message>
    <message>
        <source>{mm} mm in size</source>
        <translation>taille {mm} mm</translation>
    </message>
</context>
<context>
    <name>sections.method</name>
    <message>
        <source>the model's own prediction is {tiles} tiles, about {time}</source>
        <translation>la prédiction du modèle lui-même est de {tiles} tuiles, environ {time}</translation>
    </message>
    <message>
        <source>{structure}: segment “{segment}”</source>
        <translation>{structure} : segment « {segment} »</translation>
    </message>
    <message>
        <source>Nothing to explain: the model finds none of the structures in these slices.</source>
        <translation>Rien à expliquer : le modèle ne trouve aucune des structures dans ces coupes.</translation>
    </message>
    <message>
        <source>About {time} for one slice, on {device}.</source>
        <translation>Environ {time} pour une coupe, sur {device}.</translation>
    </message>
    <message>
        <source>About {time} for {slices} slices, on {device}.</source>
        <translation>Environ {time} pour {slices} coupes, sur {device}.</translation>
    </message>
    <message>
        <source>1 s</source>
        <translation>1 s</translation>
    </message>
    <message>
        <source>{each} of {full} patches in each slice</source>
        <translation>{each} zones sur {full} par coupe</translation>
    </message>
    <message>
        <source>at most {each} of {full} patches in each slice</source>
        <translation>au plus {each} zones sur {full} par coupe</translation>
    </message>
    <message>
        <source>{each} masks for each slice</source>
        <translation>{each} masques par coupe</translation>
    </message>
    <message>
        <source>{each} samples for each slice</source>
        <translation>{each} échantillons par coupe</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>le processeur</translation>
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
        <translation>Estimation du temps…</translation>
    </message>
    <message>
        <source>The time is known once the Python packages are installed; press Explain for that.</source>
        <translation>Le temps sera connu une fois les paquets Python installés ; appuyez sur Expliquer pour cela.</translation>
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
        <translation>La licence de ce modèle interdit l'usage commercial. {licence}. Votre réponse est retenue.</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>Le modèle de segmentation à expliquer.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatique</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Processeur (CPU)</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Graphiques Apple (MPS)</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Choisir le dossier du modèle</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>Ouverture du modèle…</translation>
    </message>
    <message>
        <source>I accept</source>
        <translation>J'accepte</translation>
    </message>
    <message>
        <source>Segments what the box of the region, or the prompt, points at.</source>
        <translation>Segmente ce qu'indique la boîte de la région, ou le repère.</translation>
    </message>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Choisissez le fichier ou le dossier du modèle.</translation>
    </message>
    <message>
        <source>Does not name what it segments: its channels are taken for the chosen structures, in order.</source>
        <translation>Ne nomme pas ce qu'il segmente : ses canaux sont pris pour les structures choisies, dans l'ordre.</translation>
    </message>
    <message>
        <source>Segments {names}.</source>
        <translation>Segmente {names}.</translation>
    </message>
    <message>
        <source>Takes {images}.</source>
        <translation>Prend {images}.</translation>
    </message>
    <message>
        <source>Graphics card ({device})</source>
        <translation>Carte graphique ({device})</translation>
    </message>
</context>
<context>
    <name>sections.region</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Cochez au moins une structure.</translation>
    </message>
    <message>
        <source>Choose the segment that is the region.</source>
        <translation>Choisissez le segment qui est la région.</translation>
    </message>
    <message>
        <source>Choose or create the box that is the region.</source>
        <translation>Choisissez ou créez la boîte qui est la région.</translation>
    </message>
    <message>
        <source>Draw the box first: it has no size yet.</source>
        <translation>Tracez d'abord la boîte : elle n'a pas encore de taille.</translation>
    </message>
    <message>
        <source>Found nothing in slice {slice}.</source>
        <translation>Rien trouvé dans la coupe {slice}.</translation>
    </message>
    <message>
        <source>Slice {slice}: {share} of the slice</source>
        <translation>Coupe {slice} : {share} de la coupe</translation>
    </message>
    <message>
        <source>Starting the worker; the first region takes a few seconds…</source>
        <translation>Démarrage du processus de calcul ; la première région prend quelques secondes…</translation>
    </message>
    <message>
        <source>, holds {recall} of the model's prediction</source>
        <translation>, contient {recall} de la prédiction du modèle</translation>
    </message>
</context>
<context>
    <name>sections.save</name>
    <message>
        <source>The run could not be saved to {folder} ({reason}); choose another folder or free some space.</source>
        <translation>Le calcul n'a pas pu être enregistré dans {folder} ({reason}) ; choisissez un autre dossier ou libérez de la place.</translation>
    </message>
    <message>
        <source>Save the run to a folder</source>
        <translation>Enregistrer le calcul dans un dossier</translation>
    </message>
    <message>
        <source>The report can't be opened: the run is of another session, and {where}. Press Explain again.</source>
        <translation>Le rapport ne peut pas être ouvert : le calcul est d'une autre session, et {where}. Appuyez de nouveau sur Expliquer.</translation>
    </message>
    <message>
        <source>Making the report…</source>
        <translation>Création du rapport…</translation>
    </message>
    <message>
        <source>Save the run as DICOM to a folder</source>
        <translation>Enregistrer le calcul en DICOM dans un dossier</translation>
    </message>
    <message>
        <source>Writing DICOM objects…</source>
        <translation>Écriture des objets DICOM…</translation>
    </message>
    <message>
        <source>Volumes (NRRD), pictures and report…</source>
        <translation>Volumes (NRRD), images et rapport…</translation>
    </message>
    <message>
        <source>Everything the run has made, to a folder.</source>
        <translation>Tout ce que le calcul a produit, dans un dossier.</translation>
    </message>
    <message>
        <source>Volumes (NIfTI), pictures and report…</source>
        <translation>Volumes (NIfTI), images et rapport…</translation>
    </message>
    <message>
        <source>The same, volumes as .nii.gz.</source>
        <translation>La même chose, volumes en .nii.gz.</translation>
    </message>
    <message>
        <source>DICOM objects to a folder…</source>
        <translation>Objets DICOM dans un dossier…</translation>
    </message>
    <message>
        <source>Maps, segmentations, pictures, a report of the numbers and the page as PDF, for an archive.</source>
        <translation>Cartes, segmentations, images, un rapport des chiffres et la page en PDF, pour une archive.</translation>
    </message>
    <message>
        <source>DICOM objects into Slicer's database</source>
        <translation>Objets DICOM dans la base de Slicer</translation>
    </message>
    <message>
        <source>The same objects, beside the scan in the DICOM module.</source>
        <translation>Les mêmes objets, à côté de l'examen dans le module DICOM.</translation>
    </message>
    <message>
        <source>Scene…</source>
        <translation>Scène…</translation>
    </message>
    <message>
        <source>Slicer's own dialog: the whole scene with the runs in it.</source>
        <translation>La boîte de dialogue de Slicer : toute la scène avec les calculs qu'elle contient.</translation>
    </message>
    <message>
        <source>it was not saved</source>
        <translation>il n'a pas été enregistré</translation>
    </message>
    <message>
        <source>The report is open in the browser; Save keeps it.</source>
        <translation>Le rapport est ouvert dans le navigateur ; Enregistrer le garde.</translation>
    </message>
    <message>
        <source>Saved to {folder}</source>
        <translation>Enregistré dans {folder}</translation>
    </message>
    <message>
        <source>The volumes are saved, but not the pictures: {reason}</source>
        <translation>Les volumes sont enregistrés, mais pas les images : {reason}</translation>
    </message>
    <message>
        <source>its report is not in {folder} any more</source>
        <translation>son rapport n'est plus dans {folder}</translation>
    </message>
    <message>
        <source>The report could not be made: {reason}</source>
        <translation>Le rapport n'a pas pu être créé : {reason}</translation>
    </message>
    <message>
        <source>Saved to {folder}, with pictures.</source>
        <translation>Enregistré dans {folder}, avec les images.</translation>
    </message>
    <message>
        <source>DICOM objects are in {folder}</source>
        <translation>Les objets DICOM sont dans {folder}</translation>
    </message>
    <message>
        <source>{count} DICOM objects are in Slicer's database, beside the scan.</source>
        <translation>{count} objets DICOM sont dans la base de Slicer, à côté de l'examen.</translation>
    </message>
    <message>
        <source>The pictures could not be saved: {reason}</source>
        <translation>Les images n'ont pas pu être enregistrées : {reason}</translation>
    </message>
</context>
<context>
    <name>sections.scan</name>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Première et dernière coupe axiale, comptées depuis les pieds. La vue axiale suit l'extrémité déplacée.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
</context>
<context>
    <name>sections.scenesource</name>
    <message>
        <source>Looking for the model that made the segment…</source>
        <translation>Recherche du modèle qui a fait le segment…</translation>
    </message>
    <message>
        <source>Nothing in the scene says which model made {segmentation}: choose its file or folder above.</source>
        <translation>Rien dans la scène ne dit quel modèle a fait {segmentation} : choisissez ci-dessus son fichier ou son dossier.</translation>
    </message>
    <message>
        <source>Its prediction today is the segment: Dice {dice} in {places}.</source>
        <translation>Sa prédiction d'aujourd'hui est le segment : Dice {dice} dans {places}.</translation>
    </message>
    <message>
        <source>Its prediction today is not the segment: Dice {dice} in {places}. What is explained is the prediction; the segment was made otherwise, or edited since.</source>
        <translation>Sa prédiction d'aujourd'hui n'est pas le segment : Dice {dice} dans {places}. Ce qui est expliqué est la prédiction ; le segment a été fait autrement, ou modifié depuis.</translation>
    </message>
    <message>
        <source>Choose the segment that is to be explained.</source>
        <translation>Choisissez le segment à expliquer.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Choisissez d'abord un examen.</translation>
    </message>
    <message>
        <source>{segmentation} lies on {its}, not on {scan}. Choose {its} as the scan, or another segmentation.</source>
        <translation>{segmentation} est sur {its}, pas sur {scan}. Choisissez {its} comme examen, ou une autre segmentation.</translation>
    </message>
    <message>
        <source>{count} of its {total} slices</source>
        <translation>{count} de ses {total} coupes</translation>
    </message>
    <message>
        <source>{segmentation} lies on another scan than {scan}. Choose its scan, or another segmentation.</source>
        <translation>{segmentation} est sur un autre examen que {scan}. Choisissez son examen, ou une autre segmentation.</translation>
    </message>
    <message>
        <source>Probably made by {model}, by the names of its segments or the last run on this scan.</source>
        <translation>Probablement fait par {model}, d'après les noms de ses segments ou le dernier calcul sur cet examen.</translation>
    </message>
    <message>
        <source>{segmentation} is a result of XAICLIP; choose what a model of yours has made.</source>
        <translation>{segmentation} est un résultat de XAICLIP ; choisissez ce qu'a fait un modèle à vous.</translation>
    </message>
    <message>
        <source>Made by {model}, as its panel says.</source>
        <translation>Fait par {model}, comme le dit son panneau.</translation>
    </message>
    <message>
        <source>Comparing its prediction with the segment…</source>
        <translation>Comparaison de sa prédiction avec le segment…</translation>
    </message>
</context>
<context>
    <name>sections.structures</name>
    <message>
        <source>Chosen: {names}</source>
        <translation>Choisi : {names}</translation>
    </message>
    <message>
        <source>The model does not segment it: its region can be shown, but not explained.</source>
        <translation>Le modèle ne la segmente pas : sa région peut être montrée, mais pas expliquée.</translation>
    </message>
</context>
<context>
    <name>sources.menus</name>
    <message>
        <source>Explain with XAICLIP</source>
        <translation>Expliquer avec XAICLIP</translation>
    </message>
    <message>
        <source>Ask the model that made this segment why it drew it.</source>
        <translation>Demander au modèle qui a fait ce segment pourquoi il l'a tracé.</translation>
    </message>
    <message>
        <source>Choose a segment first.</source>
        <translation>Choisissez d'abord un segment.</translation>
    </message>
</context>
<context>
    <name>worker.client</name>
    <message>
        <source>the worker stopped unexpectedly ({reason}); it starts again with the next request</source>
        <translation>le processus de calcul s'est arrêté de façon inattendue ({reason}) ; il redémarre à la prochaine demande</translation>
    </message>
    <message>
        <source>it crashed or was killed</source>
        <translation>il a planté ou a été tué</translation>
    </message>
    <message>
        <source>the worker was stopped</source>
        <translation>le processus de calcul a été arrêté</translation>
    </message>
    <message>
        <source>{program} can't be started: {text}</source>
        <translation>{program} ne peut pas démarrer : {text}</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>code de sortie {code}</translation>
    </message>
</context>
<context>
    <name>worker.dicom</name>
    <message>
        <source>DICOM objects are made from a run of this session: press Explain again.</source>
        <translation>Les objets DICOM sont faits d'un calcul de cette session : appuyez de nouveau sur Expliquer.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>La base DICOM de Slicer n'est pas ouverte ; ouvrez une fois le module DICOM, ou enregistrez dans un dossier.</translation>
    </message>
</context>
<context>
    <name>worker.errors</name>
    <message>
        <source>these Python packages are missing: {names}; install them in the panel of XAICLIP</source>
        <translation>ces paquets Python manquent : {names} ; installez-les dans le panneau de XAICLIP</translation>
    </message>
    <message>
        <source>the worker failed without a message; see the log</source>
        <translation>le processus de calcul a échoué sans message ; voir le journal</translation>
    </message>
    <message>
        <source>Look in: The whole slice</source>
        <translation>Chercher dans : Toute la coupe</translation>
    </message>
    <message>
        <source>Look in: The model's own prediction</source>
        <translation>Chercher dans : La prédiction du modèle lui-même</translation>
    </message>
    <message>
        <source>Look in</source>
        <translation>Chercher dans</translation>
    </message>
    <message>
        <source>Modality under Advanced</source>
        <translation>Modalité sous « Avancé »</translation>
    </message>
    <message>
        <source>Language model: bundled</source>
        <translation>Modèle de langage : fourni</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modèle</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Coupes</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Structures</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Référence</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Repère</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Expliquer quand même</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Demander</translation>
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
        <translation>l'installateur de l'extension PyTorch ne convient pas à cette version de pip. Mettez cette extension à jour, ou installez PyTorch avec son module PyTorch Utils, puis réessayez.</translation>
    </message>
    <message>
        <source>the disk is full. Free some space, then try again.</source>
        <translation>le disque est plein. Libérez de la place, puis réessayez.</translation>
    </message>
    <message>
        <source>the package server can't be reached. Check the internet connection and the proxy, then try again.</source>
        <translation>le serveur de paquets est injoignable. Vérifiez la connexion et le proxy, puis réessayez.</translation>
    </message>
    <message>
        <source>Slicer's folder can't be written to. Install Slicer in a folder of your own, then try again.</source>
        <translation>impossible d'écrire dans le dossier de Slicer. Installez Slicer dans un dossier à vous, puis réessayez.</translation>
    </message>
    <message>
        <source>it does not fit the packages that are there. Update Slicer and its extensions, then try again.</source>
        <translation>il ne convient pas aux paquets présents. Mettez Slicer et ses extensions à jour, puis réessayez.</translation>
    </message>
    <message>
        <source>there is no build for this version of Slicer's Python. Update Slicer, then try again.</source>
        <translation>il n'y a pas de version pour le Python de ce Slicer. Mettez Slicer à jour, puis réessayez.</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>aucune raison n'a été donnée</translation>
    </message>
    <message>
        <source>The packages need about {needed} MB in {folder}, where {free} MB are free; free some space</source>
        <translation>Les paquets demandent environ {needed} Mo dans {folder}, où {free} Mo sont libres ; libérez de la place</translation>
    </message>
    <message>
        <source>{package} was installed, but Python does not find it. Restart Slicer, then try again.</source>
        <translation>{package} a été installé, mais Python ne le trouve pas. Redémarrez Slicer, puis réessayez.</translation>
    </message>
    <message>
        <source>{package} could not be installed: {reason}</source>
        <translation>{package} n'a pas pu être installé : {reason}</translation>
    </message>
    <message>
        <source>PyTorch has no current build for Intel code on macOS, and this Slicer is made of that, on Apple processors (Rosetta) too. Use Slicer on Windows or Linux, or XAICLIP's command line with a Python for Apple processors</source>
        <translation>PyTorch n'a pas de version actuelle pour le code Intel sous macOS, et ce Slicer en est fait, y compris sur processeur Apple (Rosetta). Utilisez Slicer sous Windows ou Linux, ou la ligne de commande de XAICLIP avec un Python pour processeur Apple</translation>
    </message>
    <message>
        <source>The installation was cancelled. What is installed already is kept; Install goes on there.</source>
        <translation>L'installation a été annulée. Ce qui est déjà installé est gardé ; Installer reprend de là.</translation>
    </message>
    <message>
        <source>Another extension is installing packages. Wait until it is done, then try again.</source>
        <translation>Une autre extension installe des paquets. Attendez qu'elle ait fini, puis réessayez.</translation>
    </message>
    <message>
        <source>PyTorch comes with the extension PyTorch: install it in the Extensions Manager, restart Slicer.</source>
        <translation>PyTorch vient avec l'extension PyTorch : installez-la dans le gestionnaire d'extensions, puis redémarrez Slicer.</translation>
    </message>
    <message>
        <source>This version of the extension PyTorch is unknown: use its module PyTorch Utils first.</source>
        <translation>Cette version de l'extension PyTorch est inconnue : utilisez d'abord son module PyTorch Utils.</translation>
    </message>
    <message>
        <source>{line}. The log has the whole story.</source>
        <translation>{line}. Le journal dit tout.</translation>
    </message>
    <message>
        <source>Installing {package}…</source>
        <translation>Installation de {package}…</translation>
    </message>
    <message>
        <source>{package}: {done} of {total} MB</source>
        <translation>{package} : {done} sur {total} Mo</translation>
    </message>
    <message>
        <source>Stopping after {package}…</source>
        <translation>Arrêt après {package}…</translation>
    </message>
</context>
<context>
    <name>worker.job</name>
    <message>
        <source>Stopped before the first slice was finished.</source>
        <translation>Arrêté avant que la première coupe soit terminée.</translation>
    </message>
    <message>
        <source>The run could not be shown ({kind}: {text}); the application log has the whole story.</source>
        <translation>Le calcul n'a pas pu être affiché ({kind} : {text}) ; le journal de l'application dit tout.</translation>
    </message>
    <message>
        <source>The slices that were finished are kept.</source>
        <translation>Les coupes terminées sont gardées.</translation>
    </message>
    <message>
        <source>The scan or its result was removed from the scene, so the run was stopped.</source>
        <translation>L'examen ou son résultat a été retiré de la scène, le calcul a donc été arrêté.</translation>
    </message>
</context>
<context>
    <name>worker.runner</name>
    <message>
        <source>an explanation is already running; cancel it first</source>
        <translation>une explication est déjà en cours ; annulez-la d'abord</translation>
    </message>
</context>
<context>
    <name>worker.shared_files</name>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Il n'y a pas encore de calcul. Appuyez d'abord sur Expliquer.</translation>
    </message>
    <message>
        <source>This run kept no record of where its drawing changed. Explain again to ask about single places.</source>
        <translation>Ce calcul n'a pas gardé où son tracé a changé. Expliquez de nouveau pour interroger des endroits.</translation>
    </message>
    <message>
        <source>Nothing can be written to {folder} ({reason}). Free some space or choose another folder in {menu}.</source>
        <translation>Rien ne peut être écrit dans {folder} ({reason}). Libérez de la place ou choisissez un autre dossier dans {menu}.</translation>
    </message>
    <message>
        <source>Edit / Application Settings / Modules</source>
        <translation>Édition / Paramètres de l'application / Modules</translation>
    </message>
    <message>
        <source>choose a scan first</source>
        <translation>choisissez d'abord un examen</translation>
    </message>
    <message>
        <source>The files of the run “{name}” are gone: it is of another session, or not finished. Explain again.</source>
        <translation>Les fichiers du calcul « {name} » ont disparu : il est d'une autre session, ou pas terminé. Expliquez de nouveau.</translation>
    </message>
</context>
</TS>
