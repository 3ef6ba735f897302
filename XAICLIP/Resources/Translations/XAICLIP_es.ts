<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="es" sourcelanguage="en">
<context>
    <name>Anatomy</name>
    <message>
        <source>liver</source>
        <translation>hígado</translation>
    </message>
    <message>
        <source>spleen</source>
        <translation>bazo</translation>
    </message>
    <message>
        <source>kidneys</source>
        <translation>riñones</translation>
    </message>
    <message>
        <source>right kidney</source>
        <translation>riñón derecho</translation>
    </message>
    <message>
        <source>left kidney</source>
        <translation>riñón izquierdo</translation>
    </message>
    <message>
        <source>gallbladder</source>
        <translation>vesícula biliar</translation>
    </message>
    <message>
        <source>stomach</source>
        <translation>estómago</translation>
    </message>
    <message>
        <source>pancreas</source>
        <translation>páncreas</translation>
    </message>
    <message>
        <source>adrenal glands</source>
        <translation>glándulas suprarrenales</translation>
    </message>
    <message>
        <source>right adrenal gland</source>
        <translation>glándula suprarrenal derecha</translation>
    </message>
    <message>
        <source>left adrenal gland</source>
        <translation>glándula suprarrenal izquierda</translation>
    </message>
    <message>
        <source>bowel</source>
        <translation>intestino</translation>
    </message>
    <message>
        <source>small bowel</source>
        <translation>intestino delgado</translation>
    </message>
    <message>
        <source>duodenum</source>
        <translation>duodeno</translation>
    </message>
    <message>
        <source>colon</source>
        <translation>colon</translation>
    </message>
    <message>
        <source>esophagus</source>
        <translation>esófago</translation>
    </message>
    <message>
        <source>urinary bladder</source>
        <translation>vejiga urinaria</translation>
    </message>
    <message>
        <source>prostate</source>
        <translation>próstata</translation>
    </message>
    <message>
        <source>uterus</source>
        <translation>útero</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>corazón</translation>
    </message>
    <message>
        <source>lungs</source>
        <translation>pulmones</translation>
    </message>
    <message>
        <source>right lung</source>
        <translation>pulmón derecho</translation>
    </message>
    <message>
        <source>left lung</source>
        <translation>pulmón izquierdo</translation>
    </message>
    <message>
        <source>trachea</source>
        <translation>tráquea</translation>
    </message>
    <message>
        <source>thyroid gland</source>
        <translation>glándula tiroides</translation>
    </message>
    <message>
        <source>aorta</source>
        <translation>aorta</translation>
    </message>
    <message>
        <source>inferior vena cava</source>
        <translation>vena cava inferior</translation>
    </message>
    <message>
        <source>superior vena cava</source>
        <translation>vena cava superior</translation>
    </message>
    <message>
        <source>portal vein</source>
        <translation>vena porta</translation>
    </message>
    <message>
        <source>pulmonary artery</source>
        <translation>arteria pulmonar</translation>
    </message>
    <message>
        <source>spine</source>
        <translation>columna vertebral</translation>
    </message>
    <message>
        <source>sacrum</source>
        <translation>sacro</translation>
    </message>
    <message>
        <source>ribs</source>
        <translation>costillas</translation>
    </message>
    <message>
        <source>right rib</source>
        <translation>costilla derecha</translation>
    </message>
    <message>
        <source>left rib</source>
        <translation>costilla izquierda</translation>
    </message>
    <message>
        <source>sternum</source>
        <translation>esternón</translation>
    </message>
    <message>
        <source>femurs</source>
        <translation>fémures</translation>
    </message>
    <message>
        <source>right femur</source>
        <translation>fémur derecho</translation>
    </message>
    <message>
        <source>left femur</source>
        <translation>fémur izquierdo</translation>
    </message>
    <message>
        <source>hip bones</source>
        <translation>huesos coxales</translation>
    </message>
    <message>
        <source>right hip bone</source>
        <translation>hueso coxal derecho</translation>
    </message>
    <message>
        <source>left hip bone</source>
        <translation>hueso coxal izquierdo</translation>
    </message>
    <message>
        <source>iliopsoas muscles</source>
        <translation>músculos iliopsoas</translation>
    </message>
    <message>
        <source>right iliopsoas muscle</source>
        <translation>músculo iliopsoas derecho</translation>
    </message>
    <message>
        <source>left iliopsoas muscle</source>
        <translation>músculo iliopsoas izquierdo</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>hueso</translation>
    </message>
    <message>
        <source>muscle</source>
        <translation>músculo</translation>
    </message>
    <message>
        <source>fat</source>
        <translation>grasa</translation>
    </message>
    <message>
        <source>skull</source>
        <translation>cráneo</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>cerebro</translation>
    </message>
    <message>
        <source>brain tumour</source>
        <translation>tumor cerebral</translation>
    </message>
    <message>
        <source>brain ventricles</source>
        <translation>ventrículos cerebrales</translation>
    </message>
    <message>
        <source>cerebellum</source>
        <translation>cerebelo</translation>
    </message>
    <message>
        <source>brainstem</source>
        <translation>tronco del encéfalo</translation>
    </message>
    <message>
        <source>spinal cord</source>
        <translation>médula espinal</translation>
    </message>
</context>
<context>
    <name>AnswerPart</name>
    <message>
        <source>The other answers of the run.</source>
        <translation>Las demás respuestas de la ejecución.</translation>
    </message>
    <message>
        <source>How far the answers can be trusted, and in which slices they were tested.</source>
        <translation>Hasta dónde se puede confiar en las respuestas y en qué cortes se probaron.</translation>
    </message>
    <message>
        <source>What a reader of the result must know.</source>
        <translation>Lo que debe saber quien lee el resultado.</translation>
    </message>
    <message>
        <source>Num&amp;bers</source>
        <translation>Nú&amp;meros</translation>
    </message>
    <message>
        <source>What was measured, as numbers and curves.</source>
        <translation>Lo que se midió, en números y curvas.</translation>
    </message>
    <message>
        <source>Numbers of the run</source>
        <translation>Números de la ejecución</translation>
    </message>
    <message>
        <source>What was measured in the whole scan and in each slice.</source>
        <translation>Lo que se midió en todo el estudio y en cada corte.</translation>
    </message>
    <message>
        <source>What the verdict rests on, as it was measured.</source>
        <translation>En qué se basa el veredicto, tal como se midió.</translation>
    </message>
    <message>
        <source>C&amp;urves</source>
        <translation>C&amp;urvas</translation>
    </message>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>Curvas de borrado e inserción bajo las vistas: la puntuación mientras se quita la región, o se devuelve, en el orden del mapa. Al soltar vuelve su propia disposición.</translation>
    </message>
    <message>
        <source>Curves o&amp;f:</source>
        <translation>Cur&amp;vas de:</translation>
    </message>
    <message>
        <source>Of which structure, and with what the removed places were filled.</source>
        <translation>De qué estructura, y con qué se rellenaron los lugares quitados.</translation>
    </message>
</context>
<context>
    <name>AskPart</name>
    <message>
        <source>A&amp;sk:</source>
        <translation>Pre&amp;gunta:</translation>
    </message>
    <message>
        <source>What is asked about the place under the mouse.</source>
        <translation>Qué se pregunta sobre el lugar bajo el ratón.</translation>
    </message>
    <message>
        <source>Whose drawing is asked about.</source>
        <translation>Sobre el trazado de quién se pregunta.</translation>
    </message>
    <message>
        <source>Whose drawing</source>
        <translation>Trazado de quién</translation>
    </message>
    <message>
        <source>Follow the &amp;mouse</source>
        <translation>Seguir el &amp;ratón</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view: each place is asked about, and the answer is shown as a map and a sentence. No model is run.</source>
        <translation>Mueva el ratón sobre una vista de corte: se pregunta por cada lugar, y la respuesta aparece como mapa y como frase. No se ejecuta ningún modelo.</translation>
    </message>
    <message>
        <source>Only with Shi&amp;ft held</source>
        <translation>Solo con Ma&amp;yús pulsada</translation>
    </message>
    <message>
        <source>The answer then stays until Shift is held over a view again.</source>
        <translation>La respuesta queda hasta que se vuelva a pulsar Mayús sobre una vista.</translation>
    </message>
    <message>
        <source>The answer. Its map lies over the scan.</source>
        <translation>La respuesta. Su mapa está sobre el estudio.</translation>
    </message>
    <message>
        <source>&amp;Back to the map</source>
        <translation>&amp;Volver al mapa</translation>
    </message>
    <message>
        <source>Take the answer away, and show the run's own map again.</source>
        <translation>Quitar la respuesta y mostrar de nuevo el mapa de la ejecución.</translation>
    </message>
    <message>
        <source>O&amp;r:</source>
        <translation>&amp;O:</translation>
    </message>
    <message>
        <source>Islands, the boundary, what is missing or extra, and which organ needs which: choose a question to ask it.</source>
        <translation>Islas, el borde, lo que falta o sobra, y qué órgano necesita cuál: elija una pregunta para hacerla.</translation>
    </message>
    <message>
        <source>Each row was hidden, each column shows what was lost of it.</source>
        <translation>Cada fila se ocultó, cada columna muestra lo que se perdió de ella.</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Entre órganos</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>Barras</translation>
    </message>
    <message>
        <source>The same as bars under the views. Release to get your own layout back.</source>
        <translation>Lo mismo en barras bajo las vistas. Al soltar vuelve su propia disposición.</translation>
    </message>
</context>
<context>
    <name>ComparePart</name>
    <message>
        <source>&amp;With:</source>
        <translation>&amp;Con:</translation>
    </message>
    <message>
        <source>Another run on the same scan.</source>
        <translation>Otra ejecución sobre el mismo estudio.</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>Lado a &amp;lado</translation>
    </message>
    <message>
        <source>Both maps on one scale, their difference and both predictions, in linked views. Release to get your own layout back.</source>
        <translation>Los dos mapas en una escala, su diferencia y las dos predicciones, en vistas enlazadas. Al soltar vuelve su propia disposición.</translation>
    </message>
    <message>
        <source>In what the two runs differ.</source>
        <translation>En qué difieren las dos ejecuciones.</translation>
    </message>
    <message>
        <source>What the run that is chosen above says.</source>
        <translation>Lo que dice la ejecución elegida arriba.</translation>
    </message>
    <message>
        <source>What the other run says.</source>
        <translation>Lo que dice la otra ejecución.</translation>
    </message>
    <message>
        <source>S&amp;et otherwise</source>
        <translation>Aj&amp;ustado de otro modo</translation>
    </message>
    <message>
        <source>Settings in which the two runs differ.</source>
        <translation>Ajustes en los que difieren las dos ejecuciones.</translation>
    </message>
</context>
<context>
    <name>DisplayPart</name>
    <message>
        <source>Sho&amp;w:</source>
        <translation>Mo&amp;strar:</translation>
    </message>
    <message>
        <source>The saliency (0 to 1, one scale for all slices), or the drop of the score with its sign.</source>
        <translation>La saliencia (0 a 1, una escala para todos los cortes) o la caída de la puntuación con su signo.</translation>
    </message>
    <message>
        <source>&amp;Opacity:</source>
        <translation>&amp;Opacidad:</translation>
    </message>
    <message>
        <source>Opacity of the saliency over the scan.</source>
        <translation>Opacidad de la saliencia sobre el estudio.</translation>
    </message>
    <message>
        <source>&amp;Hide below:</source>
        <translation>O&amp;cultar bajo:</translation>
    </message>
    <message>
        <source>Saliency below this value is hidden, in the slices and in 3D.</source>
        <translation>La saliencia bajo este valor se oculta, en los cortes y en 3D.</translation>
    </message>
    <message>
        <source>What is hidden, in the unit of the map: the colours have one scale for all slices of a run.</source>
        <translation>Lo que está oculto, en la unidad del mapa: los colores tienen una escala para todos los cortes de una ejecución.</translation>
    </message>
    <message>
        <source>Co&amp;lor map:</source>
        <translation>Pa&amp;leta:</translation>
    </message>
    <message>
        <source>Colors of the saliency.</source>
        <translation>Colores de la saliencia.</translation>
    </message>
    <message>
        <source>Le&amp;gend</source>
        <translation>Le&amp;yenda</translation>
    </message>
    <message>
        <source>Show the color legend in the views.</source>
        <translation>Mostrar la leyenda de colores en las vistas.</translation>
    </message>
    <message>
        <source>Per slice</source>
        <translation>Por corte</translation>
    </message>
    <message>
        <source>One scale of colors for each slice, to see what is weak; else one for all slices of the run, so that they can be compared.</source>
        <translation>Una escala de colores por corte, para ver lo débil; si no, una para todos los cortes de la ejecución, para poder compararlos.</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>this model has no structure</source>
        <translation>este modelo no tiene la estructura</translation>
    </message>
    <message>
        <source>it segments:</source>
        <translation>segmenta:</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
    <message>
        <source>did you mean {names}? </source>
        <translation>¿quiso decir {names}? </translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} y {count} más</translation>
    </message>
    <message>
        <source>the model failed on several images at once ({reason}); it was run on one at a time</source>
        <translation>el modelo falló con varias imágenes a la vez ({reason}); se ejecutó de una en una</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax)</source>
        <translation>(aplique una sigmoide o un softmax)</translation>
    </message>
    <message>
        <source>the model returned complex numbers; return probabilities in [0, 1]</source>
        <translation>el modelo devolvió números complejos; debe dar probabilidades en [0, 1]</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for the unperturbed image; check its input</source>
        <translation>el modelo devolvió valores NaN o infinitos para la imagen sin perturbar; revise su entrada</translation>
    </message>
    <message>
        <source>instead of labels (leave out its argmax)</source>
        <translation>en vez de etiquetas (quite su argmax)</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] {advice}</source>
        <translation>el modelo devolvió valores de {low:.3g} a {high:.3g}; debe dar probabilidades en [0, 1] {advice}</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax, or divide by the largest value there can be)</source>
        <translation>(aplique una sigmoide o un softmax, o divida por el mayor valor posible)</translation>
    </message>
    <message>
        <source>the model's maps are {shape} for an image {spatial}: they are taken to show the same field of view</source>
        <translation>los mapas del modelo son {shape} para una imagen {spatial}: se supone que muestran el mismo campo</translation>
    </message>
    <message>
        <source>the map's largest value is {value:.3g}, but a score between 0 and 1 can't change by more than 1: it is the error of too few samples for so many places; give more samples, or larger superpixels</source>
        <translation>el mayor valor del mapa es {value:.3g}, pero una puntuación entre 0 y 1 no puede cambiar más de 1: es el error de pocas muestras para tantos lugares; dé más muestras o superpíxeles mayores</translation>
    </message>
    <message>
        <source>the reference is empty: there is no segmentation to explain</source>
        <translation>la referencia está vacía: no hay segmentación que explicar</translation>
    </message>
    <message>
        <source>the map is flat: no perturbation changed the score by more than 0.001; try smaller patches, another fill, LIME, or a soft score (soft_dice, confidence)</source>
        <translation>el mapa es plano: ninguna perturbación cambió la puntuación más de 0.001; pruebe parches menores, otro relleno, LIME o una puntuación suave (soft_dice, confidence)</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>cero</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>media</translation>
    </message>
    <message>
        <source>local_mean</source>
        <translation>media del entorno</translation>
    </message>
    <message>
        <source>blur</source>
        <translation>imagen desenfocada</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>ruido</translation>
    </message>
    <message>
        <source>inpaint</source>
        <translation>repintado desde el entorno</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>sin cambios</translation>
    </message>
    <message>
        <source>image</source>
        <translation>imagen propia</translation>
    </message>
    <message>
        <source>{samples} samples are few for {count} superpixels, whose values are drawn towards each other for it: give at least {least}, or larger superpixels</source>
        <translation>{samples} muestras son pocas para {count} superpíxeles, cuyos valores se acercan por ello: dé al menos {least}, o superpíxeles mayores</translation>
    </message>
    <message>
        <source>patch {patch} is below 32: single effects get noisy and the run takes longer</source>
        <translation>el parche {patch} está por debajo de 32: los efectos sueltos se vuelven ruidosos y tarda más</translation>
    </message>
    <message>
        <source>stride {stride} is above half of patch {patch}: the map gets blocky</source>
        <translation>el paso {stride} supera la mitad del parche {patch}: el mapa queda a bloques</translation>
    </message>
    <message>
        <source>the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop</source>
        <translation>el estimador RISE bruto es la puntuación media con las máscaras que conservan un píxel, no una caída</translation>
    </message>
    <message>
        <source>the model gives another answer each time it gets the same image (the score changed by {change:.3g}): something in it is random, such as dropout; the map holds that noise</source>
        <translation>el modelo responde otra cosa cada vez con la misma imagen (la puntuación cambió en {change:.3g}): algo en él es aleatorio, como dropout; el mapa contiene ese ruido</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for a perturbed image; choose another fill</source>
        <translation>el modelo devolvió valores NaN o infinitos para una imagen perturbada; elija otro relleno</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g} for a perturbed image; return probabilities in [0, 1] (apply a sigmoid or a softmax)</source>
        <translation>el modelo devolvió valores de {low:.3g} a {high:.3g} para una imagen perturbada; debe dar probabilidades en [0, 1] (aplique una sigmoide o un softmax)</translation>
    </message>
    <message>
        <source>the model's answer depends on what else is in the batch (the score changed by {change:.3g}), as with batch normalisation in training mode; the map then depends on the batch size: call model.eval(), or give batch_size=1</source>
        <translation>la respuesta del modelo depende de qué más hay en el lote (la puntuación cambió en {change:.3g}), como con normalización por lotes en entrenamiento; el mapa depende entonces del tamaño del lote: llame a model.eval() o dé batch_size=1</translation>
    </message>
    <message>
        <source>every superpixel lies less than {share:.0%} in the region; all that meet it are used</source>
        <translation>cada superpíxel está menos de un {share:.0%} en la región; se usan todos los que la tocan</translation>
    </message>
    <message>
        <source>the region holds only {count} superpixels; lower scale or min_size for a finer map</source>
        <translation>la región solo contiene {count} superpíxeles; baje scale o min_size para un mapa más fino</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} were given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} toma {count} imágenes ({images}), y se dieron {given}; dé el estudio para la primera y --channel FILE para cada una de las demás, en este orden (en Python images=[…])</translation>
    </message>
    <message>
        <source>this needs a reference; give a mask or a label map of the scan</source>
        <translation>esto necesita una referencia; dé una máscara o un mapa de etiquetas del estudio</translation>
    </message>
    <message>
        <source>{model} takes one image, and {count} were given; leave out the other channels</source>
        <translation>{model} toma una imagen, y se dieron {count}; omita los demás canales</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} was given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} toma {count} imágenes ({images}), y se dio {given}; dé el estudio para la primera y --channel FILE para cada una de las demás, en este orden (en Python images=[…])</translation>
    </message>
    <message>
        <source>the model {model} does not segment</source>
        <translation>el modelo {model} no segmenta</translation>
    </message>
    <message>
        <source>{model} segments what a prompt points at, and the region {region} gives none: choose the region clip, a mask or a box, or give a prompt box or points</source>
        <translation>{model} segmenta lo que se le señala, y la región {region} no señala nada: elija la región clip, una máscara o una caja, o dé una caja o puntos</translation>
    </message>
    <message>
        <source>it segments</source>
        <translation>segmenta</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}. On one MR scan that was kept from them {what} reached a Dice of {lowest:.2f}; other sequences may be worse</source>
        <translation>los modelos incluidos se hicieron para TC de abdomen; este estudio es {modality}. En una RM que no conocían, el Dice ({what}) fue {lowest:.2f}; en otras secuencias puede ser peor</translation>
    </message>
    <message>
        <source>check that {file} is of this scan and of this structure</source>
        <translation>compruebe que {file} es de este estudio y de esta estructura</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first} y {second}</translation>
    </message>
    <message>
        <source>{ways}, or say what the scan is (--modality)</source>
        <translation>{ways}, o diga qué es el estudio (--modality)</translation>
    </message>
    <message>
        <source>nothing was computed: {reasons:; }; give {ways}, or go on with --anyway: the map then counts as not supported</source>
        <translation>no se calculó nada: {reasons:; }; dé {ways}, o siga con --anyway: el mapa cuenta entonces como sin respaldo</translation>
    </message>
    <message>
        <source>this scan</source>
        <translation>este estudio</translation>
    </message>
    <message>
        <source>these slices</source>
        <translation>estos cortes</translation>
    </message>
    <message>
        <source>no {structures} in {where}: presence {presence}, as the bundled models see it</source>
        <translation>no hay {structures} en {where}: presencia {presence}, según los modelos incluidos</translation>
    </message>
    <message>
        <source>probably no {structure} in {where}: presence {presence:.2f}</source>
        <translation>probablemente no hay {structure} en {where}: presencia {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}, where they are not to be asked for {structures}</source>
        <translation>los modelos incluidos se hicieron para TC de abdomen; este estudio es {modality}, donde no se les debe preguntar por {structures}</translation>
    </message>
    <message>
        <source>the prompts were learned on {learned}; this scan is {modality}</source>
        <translation>las palabras se aprendieron con {learned}; este estudio es {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned with {windows} window(s): use --vlm-windows {windows}</source>
        <translation>las palabras se aprendieron con {windows} ventana(s): use --vlm-windows {windows}</translation>
    </message>
    <message>
        <source>the prompts were learned on images of {size} pixels: use --vlm-size {size}</source>
        <translation>las palabras se aprendieron con imágenes de {size} píxeles: use --vlm-size {size}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words</source>
        <translation>las palabras se aprendieron para {known}: {others} con palabras simples</translation>
    </message>
    <message>
        <source>if {file} has another numbering than the one that was assumed, name it: FILE:amos, or FILE:{name}=NUMBER</source>
        <translation>si {file} tiene otra numeración que la supuesta, indíquela: FILE:amos, o FILE:{name}=NUMBER</translation>
    </message>
    <message>
        <source>a model that was made for this scan (--model)</source>
        <translation>un modelo hecho para este estudio (--model)</translation>
    </message>
    <message>
        <source>another region (--region prediction, full, or a mask)</source>
        <translation>otra región (--region prediction, el corte entero o una máscara)</translation>
    </message>
    <message>
        <source>the model was trained on {trained}; this scan is {modality}</source>
        <translation>el modelo se entrenó con {trained}; este estudio es {modality}</translation>
    </message>
    <message>
        <source>probably no {structure} in slices {slices}: presence at most {presence:.2f}</source>
        <translation>probablemente no hay {structure} en los cortes {slices}: presencia como máximo {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}</source>
        <translation>los modelos incluidos se hicieron para TC de abdomen; este estudio es {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words (did you mean {near}?)</source>
        <translation>las palabras se aprendieron para {known}: {others} con palabras simples (¿quiso decir {near}?)</translation>
    </message>
    <message>
        <source>{word} is in no table of structures and is looked for as it stands{guess}</source>
        <translation>{word} no está en ninguna tabla de estructuras y se busca tal cual{guess}</translation>
    </message>
    <message>
        <source>the body in these slices is only {width:.0f} mm wide: no abdomen of an adult, which the bundled models were made for; they name organs that are not there</source>
        <translation>el cuerpo solo mide {width:.0f} mm de ancho en estos cortes: no es un abdomen de adulto, para el que se hicieron los modelos incluidos; nombran órganos que no están</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>modelo</translation>
    </message>
    <message>
        <source>the words</source>
        <translation>palabras</translation>
    </message>
    <message>
        <source>the region holds nothing of the prediction of the {structure}; {advice}</source>
        <translation>{structure}: la región no contiene nada de la predicción; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} does not meet the prediction anywhere; {advice}</source>
        <translation>{structure}: la referencia no coincide con la predicción en ningún lugar; {advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} has no prediction in its slices; {advice}</source>
        <translation>{structure}: en los cortes de la referencia no hay predicción; {advice}</translation>
    </message>
    <message>
        <source>image {number}: {note}</source>
        <translation>imagen {number}: {note}</translation>
    </message>
    <message>
        <source>the point {x:g}, {y:g}, {z:g} lies outside the scan; give LPS mm inside it</source>
        <translation>el punto {x:g}, {y:g}, {z:g} está fuera del estudio; dé mm LPS dentro de él</translation>
    </message>
    <message>
        <source>the region 'prediction' needs a model; give region clip, a mask or a box</source>
        <translation>la región «prediction» necesita un modelo; dé la región clip, una máscara o una caja</translation>
    </message>
    <message>
        <source>slices {slices} lie outside the scan, which has slices 0 to {last} (range 0:{count})</source>
        <translation>los cortes {slices} están fuera del estudio, que tiene los cortes 0 a {last} (rango 0:{count})</translation>
    </message>
    <message>
        <source>; did you mean {word}?</source>
        <translation>; ¿quiso decir {word}?</translation>
    </message>
    <message>
        <source>the licence of {model} forbids commercial use: {licence}; if you may use it under that licence, accept it once with: xaiclip models check --accept-licence "{spec}" (in Python open_segmenter("{spec}", accept_licence=True)); that is remembered on this machine</source>
        <translation>la licencia de {model} prohíbe el uso comercial: {licence}; si puede usarlo bajo esa licencia, acéptela una vez con: xaiclip models check --accept-licence "{spec}" (en Python open_segmenter("{spec}", accept_licence=True)); se recuerda en este equipo</translation>
    </message>
    <message>
        <source>{who} needs the Python package {package}; install it with: {how}</source>
        <translation>{who} necesita el paquete de Python {package}; instálelo con: {how}</translation>
    </message>
    <message>
        <source>nothing of {structure} is drawn in this image</source>
        <translation>en esta imagen no se traza nada ({structure})</translation>
    </message>
    <message>
        <source>nothing was hidden at that place: it lies outside the evaluated region; ask about a place inside it, or run again with a larger region</source>
        <translation>en ese lugar no se ocultó nada: está fuera de la región evaluada; pregunte por un lugar dentro de ella, o repita con una región mayor</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first} o {second}</translation>
    </message>
    <message>
        <source>a place outside the region matters {share:.0%} as much as the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un lugar fuera de la región importa un {share:.0%} de lo que importa toda la región: tome una región mayor, o toda la imagen (--region full), para verlo</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>esto dice dónde está el órgano, no por qué (correlación de rangos {value:.2f} con un mapa que no necesita modelo)</translation>
    </message>
    <message>
        <source>the map is flat (largest drop {drop:.4f})</source>
        <translation>el mapa es plano (mayor caída {drop:.4f})</translation>
    </message>
    <message>
        <source>values of the map reach {drop:.2f}, where no score can change by more than {most:g}</source>
        <translation>hay valores del mapa que llegan a {drop:.2f}, cuando ninguna puntuación puede cambiar más de {most:g}</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop, as large as the effect itself: take more samples</source>
        <translation>el error estándar es el {share:.0%} de la mayor caída, tan grande como el propio efecto: tome más muestras</translation>
    </message>
    <message>
        <source>the region holds only {share:.0%} of what is explained</source>
        <translation>la región solo contiene el {share:.0%} de lo que se explica</translation>
    </message>
    <message>
        <source>the model does not find it: Dice {dice:.2f} of prediction and reference</source>
        <translation>el modelo no la encuentra: Dice {dice:.2f} entre predicción y referencia</translation>
    </message>
    <message>
        <source>filling the whole region changes the score by {change:.3f} only</source>
        <translation>ocultar toda la región solo cambia la puntuación en {change:.3f}</translation>
    </message>
    <message>
        <source>with random weights the map looks the same (rank correlation {value:.2f})</source>
        <translation>con pesos aleatorios el mapa es igual (correlación de rangos {value:.2f})</translation>
    </message>
    <message>
        <source>a place outside the region matters {times:.1f} times the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un lugar fuera de la región importa {times:.1f} veces toda la región: tome una región mayor, o toda la imagen (--region full), para verlo</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model): the remote map and `xaiclip ask` show what the rest of it hangs on</source>
        <translation>esto dice dónde está el órgano, no por qué (correlación de rangos {value:.2f} con un mapa que no necesita modelo): el mapa sin lo ocultado y `xaiclip ask` muestran de qué depende el resto</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} when it is run again, {share:.0%} of the largest drop</source>
        <translation>la puntuación de la misma imagen cambia en {change:.3g} al repetirla, el {share:.0%} de la mayor caída</translation>
    </message>
    <message>
        <source>the effects are small: the largest drop is {drop:.3f} of a score of {score:.2f}, so that the map has little to say</source>
        <translation>los efectos son pequeños: la mayor caída es {drop:.3f} de una puntuación de {score:.2f}, así que el mapa dice poco</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop</source>
        <translation>el error estándar es el {share:.0%} de la mayor caída</translation>
    </message>
    <message>
        <source>{count} evaluations are few for a map</source>
        <translation>{count} ejecuciones del modelo son pocas para un mapa</translation>
    </message>
    <message>
        <source>the model finds it in part: Dice {dice:.2f} of prediction and reference</source>
        <translation>el modelo la encuentra en parte: Dice {dice:.2f} entre predicción y referencia</translation>
    </message>
    <message>
        <source>not all tests were made: {reason}</source>
        <translation>no se hicieron todas las pruebas: {reason}</translation>
    </message>
    <message>
        <source>the effects are small: filling the whole region changes a score of {score:.2f} by {change:.3f}</source>
        <translation>los efectos son pequeños: ocultar toda la región cambia una puntuación de {score:.2f} en {change:.3f}</translation>
    </message>
    <message>
        <source>little better than a random order: insertion − deletion {share:.0%} of the room</source>
        <translation>apenas mejor que un orden al azar: inserción − eliminación {share:.0%} del margen</translation>
    </message>
    <message>
        <source>another fill changes the score by {change:.3f} only: the map may be about the fill</source>
        <translation>otro relleno solo cambia la puntuación en {change:.3f}: el mapa puede deberse al relleno</translation>
    </message>
    <message>
        <source>another fill gives another map (rank correlation {value:.2f})</source>
        <translation>otro relleno da otro mapa (correlación de rangos {value:.2f})</translation>
    </message>
    <message>
        <source>another seed gives another map (rank correlation {value:.2f})</source>
        <translation>otra semilla da otro mapa (correlación de rangos {value:.2f})</translation>
    </message>
    <message>
        <source>inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says no more than the region does; smaller patches may</source>
        <translation>dentro de la región no es mejor que un orden al azar (inserción − eliminación {share:.0%} del margen): no dice más que la región; parches menores quizá</translation>
    </message>
    <message>
        <source>a place outside the region matters more than the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>un lugar fuera de la región importa más que toda la región: tome una región mayor, o toda la imagen (--region full), para verlo</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} beside others in its batch (--batch-size 1 avoids that), {share:.0%} of the largest drop</source>
        <translation>la puntuación de la misma imagen cambia en {change:.3g} junto a otras de su lote (--batch-size 1 lo evita), el {share:.0%} de la mayor caída</translation>
    </message>
    <message>
        <source>random orders reach as much: {random:.0%} of the room, the map {share:.0%}</source>
        <translation>órdenes al azar logran lo mismo: {random:.0%} del margen, el mapa {share:.0%}</translation>
    </message>
    <message>
        <source>no better than the bare region</source>
        <translation>no es mejor que la región sola</translation>
    </message>
    <message>
        <source>its order is no better than the organ's shape</source>
        <translation>su orden no es mejor que la forma del órgano</translation>
    </message>
    <message>
        <source>the order does not hold under another fill</source>
        <translation>el orden no se mantiene con otro relleno</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others} and {count} more): {reason}</source>
        <translation>corte {slice} (y menos en {others} y {count} más): {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room (random orders reached {random:.0%})</source>
        <translation>inserción − eliminación {share:.0%} del margen (órdenes al azar lograron {random:.0%})</translation>
    </message>
    <message>
        <source>tested on slices {slices}: {outcomes}</source>
        <translation>probado en los cortes {slices}: {outcomes}</translation>
    </message>
    <message>
        <source>slice {slice}: {reason}</source>
        <translation>corte {slice}: {reason}</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others}): {reason}</source>
        <translation>corte {slice} (y menos en {others}): {reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room</source>
        <translation>inserción − eliminación {share:.0%} del margen</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room (random orders reached at most {random:.0%})</source>
        <translation>inserción − eliminación al menos {share:.0%} del margen (órdenes al azar lograron a lo sumo {random:.0%})</translation>
    </message>
    <message>
        <source>tested on the volume at once</source>
        <translation>probado en todo el volumen</translation>
    </message>
    <message>
        <source>tested on slice {slice}</source>
        <translation>probado en el corte {slice}</translation>
    </message>
    <message>
        <source>{count} of {total} strong</source>
        <translation>{count} de {total} bien respaldados</translation>
    </message>
    <message>
        <source>{count} of {total} weak</source>
        <translation>{count} de {total} poco respaldados</translation>
    </message>
    <message>
        <source>{count} of {total} the organ's shape</source>
        <translation>{count} de {total} la forma del órgano</translation>
    </message>
    <message>
        <source>{count} of {total} not supported</source>
        <translation>{count} de {total} sin respaldo</translation>
    </message>
    <message>
        <source>{count} of {total} not tested</source>
        <translation>{count} de {total} sin probar</translation>
    </message>
    <message>
        <source>holds under another fill</source>
        <translation>se mantiene con otro relleno</translation>
    </message>
    <message>
        <source>of the places tried outside the region none matters more than {share:.0%} as much</source>
        <translation>de los lugares probados fuera de la región ninguno importa más de un {share:.0%} de ello</translation>
    </message>
    <message>
        <source>Dice {dice:.2f} of prediction and reference</source>
        <translation>Dice {dice:.2f} entre predicción y referencia</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room</source>
        <translation>inserción − eliminación al menos {share:.0%} del margen</translation>
    </message>
    <message>
        <source>nothing to test</source>
        <translation>nada que probar</translation>
    </message>
    <message>
        <source>{file} is none of the files that models come as ({kinds}), and no nnU-Net folder or MONAI bundle either; say what it is with FAMILY:PATH (see `xaiclip models`)</source>
        <translation>{file} no es ninguno de los archivos en que vienen los modelos ({kinds}), ni una carpeta nnU-Net o un bundle de MONAI; diga qué es con FAMILY:PATH (véase `xaiclip models`)</translation>
    </message>
    <message>
        <source>there is no file or folder {path}; give the path of a model on this machine</source>
        <translation>no existe el archivo o carpeta {path}; dé la ruta de un modelo de este equipo</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>una segmentación</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>una imagen</translation>
    </message>
    <message>
        <source>{file} is {kind}, not a model: it can't be run on a perturbed scan. A segmentation can be the reference (--reference FILE) or the region (--region FILE); give a model to explain as --model</source>
        <translation>{file} es {kind}, no un modelo: no se puede ejecutar sobre un estudio perturbado. Una segmentación puede ser la referencia (--reference FILE) o la región (--region FILE); dé el modelo que se explica con --model</translation>
    </message>
    <message>
        <source>{file} is an archive; unpack it, and give the folder or the file that comes out</source>
        <translation>{file} es un archivo comprimido; descomprímalo y dé la carpeta o el archivo que salga</translation>
    </message>
    <message>
        <source>the model was in training mode (dropout, batch normalisation): it was put into evaluation mode for this run; call model.eval() to have it so everywhere</source>
        <translation>el modelo estaba en modo de entrenamiento (dropout, normalización por lotes): se puso en modo de evaluación para esta ejecución; model.eval() lo hace en todas partes</translation>
    </message>
    <message>
        <source>there is no model {model}; give one of {families} (see `xaiclip models`){hint}</source>
        <translation>no existe el modelo {model}; dé uno de {families} (véase `xaiclip models`){hint}</translation>
    </message>
    <message>
        <source>there is no model {model}: no such file or folder here, and no family of that name{hint}</source>
        <translation>no existe el modelo {model}: ni archivo, ni carpeta, ni familia con ese nombre{hint}</translation>
    </message>
    <message>
        <source>{name} can't be opened as {family} ({reason}): it is damaged, or made by another version; get it again, or export it again</source>
        <translation>{name} no se puede abrir como {family} ({reason}): está dañado o es de otra versión; consígalo o expórtelo de nuevo</translation>
    </message>
    <message>
        <source>{name} does not fit in the memory of {device}; choose another device</source>
        <translation>{name} no cabe en la memoria de {device}; elija otro dispositivo</translation>
    </message>
    <message>
        <source>{name} can't be opened: its code raised {reason}; mend it</source>
        <translation>no se puede abrir {name}: su código produjo {reason}; corríjalo</translation>
    </message>
    <message>
        <source>{file} can't be looked into ({reason}); check the file or folder</source>
        <translation>no se puede examinar {file} ({reason}); revise el archivo o la carpeta</translation>
    </message>
    <message>
        <source>the mask lies on another grid than the scan; resample it to the scan first</source>
        <translation>la máscara está en otra rejilla que el estudio; remuéstrela antes al estudio</translation>
    </message>
    <message>
        <source>the mask is empty, so that there is nothing to compare; draw something in it</source>
        <translation>la máscara está vacía, así que no hay nada que comparar; dibuje algo en ella</translation>
    </message>
    <message>
        <source>comparing in slice {slice}</source>
        <translation>comparando en el corte {slice}</translation>
    </message>
    <message>
        <source>{place} in slice {slice}</source>
        <translation>{place} en el corte {slice}</translation>
    </message>
    <message>
        <source>{place}, near the {structure}</source>
        <translation>{place}, cerca de: {structure}</translation>
    </message>
    <message>
        <source>inside it</source>
        <translation>en su interior</translation>
    </message>
    <message>
        <source>LPS {point} mm</source>
        <translation>LPS {point} mm</translation>
    </message>
    <message>
        <source>{place} in slice {slice} ({point})</source>
        <translation>{place} en el corte {slice} ({point})</translation>
    </message>
    <message>
        <source>, without what is hidden itself</source>
        <translation>, sin lo que se oculta en sí</translation>
    </message>
    <message>
        <source>, of what is hidden itself alone</source>
        <translation>, solo de lo que se oculta en sí</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average.</source>
        <translation>{structure}: ocultar un lugar que contiene {place} quita {amount:.1f} ml de media.</translation>
    </message>
    <message>
        <source>what lies within {mm:g} mm of {point}</source>
        <translation>lo que está a menos de {mm:g} mm de {point}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} in {file}</source>
        <translation>{structure}, lo trazado en {file}</translation>
    </message>
    <message>
        <source>Island {number} of the {structure}</source>
        <translation>{structure}, isla {number}</translation>
    </message>
    <message>
        <source>at {point} in slice {slice}</source>
        <translation>en {point} en el corte {slice}</translation>
    </message>
    <message>
        <source>{drawn} is held back most by what lies {place}: hiding a place there brings back {share:.0%} of it{counted}.</source>
        <translation>{drawn}: lo retiene sobre todo lo que está {place}; ocultar un lugar allí devuelve el {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{drawn}: no depende de ningún lugar; ocultar uno quita a lo sumo el {share:.1%}{counted}.</translation>
    </message>
    <message>
        <source>{drawn} depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{drawn}: depende sobre todo de lo que está {place}; ocultar un lugar allí quita el {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding a place {place} adds {share:.0%} instead.</source>
        <translation>Ocultar un lugar {place} añade en cambio el {share:.0%}.</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average, and adds {gained:.1f} ml elsewhere.</source>
        <translation>{structure}: ocultar un lugar que contiene {place} quita {amount:.1f} ml de media, y añade {gained:.1f} ml en otra parte.</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} there</source>
        <translation>{structure}, lo trazado allí</translation>
    </message>
    <message>
        <source>a part of {file}</source>
        <translation>una parte de {file}</translation>
    </message>
    <message>
        <source>a part of island {number}</source>
        <translation>una parte de la isla {number}</translation>
    </message>
    <message>
        <source>{part} needs a reference, which this run had none of; ask about a mask or a point</source>
        <translation>{part} necesita una referencia, que esta ejecución no tenía; pregunte por una máscara o un punto</translation>
    </message>
    <message>
        <source>nothing is {part} in this run; ask about a mask or a point</source>
        <translation>no hay nada así en esta ejecución ({part}); pregunte por una máscara o un punto</translation>
    </message>
    <message>
        <source>{drawn} is held back by no place: hiding one brings back {share:.1%} of it at most.</source>
        <translation>{drawn}: no lo retiene ningún lugar; ocultar uno devuelve a lo sumo el {share:.1%}.</translation>
    </message>
    <message>
        <source>this run does not explain</source>
        <translation>esta ejecución no explica</translation>
    </message>
    <message>
        <source>it explains</source>
        <translation>explica</translation>
    </message>
    <message>
        <source>The {structure} as it is drawn</source>
        <translation>{structure}, todo lo trazado</translation>
    </message>
    <message>
        <source>a part of the {structure} as it is drawn</source>
        <translation>una parte de lo trazado ({structure})</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} inside the reference</source>
        <translation>{structure}, lo trazado dentro de la referencia</translation>
    </message>
    <message>
        <source>a part of the reference</source>
        <translation>una parte de la referencia</translation>
    </message>
    <message>
        <source>The missing part of the {structure}</source>
        <translation>{structure}, la parte que falta</translation>
    </message>
    <message>
        <source>a part of what is missing</source>
        <translation>una parte de lo que falta</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} outside the reference</source>
        <translation>{structure}, lo trazado fuera de la referencia</translation>
    </message>
    <message>
        <source>a part of what is drawn outside the reference</source>
        <translation>una parte de lo trazado fuera de la referencia</translation>
    </message>
    <message>
        <source>The edge of the {structure} ({mm:g} mm to either side)</source>
        <translation>{structure}, el borde ({mm:g} mm a cada lado)</translation>
    </message>
    <message>
        <source>a part of the edge</source>
        <translation>una parte del borde</translation>
    </message>
    <message>
        <source>there is no island {number} in the prediction; it has {count}</source>
        <translation>no hay isla {number} en la predicción; tiene {count}</translation>
    </message>
    <message>
        <source>The {structure} here depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{structure}: aquí depende sobre todo de lo que está {place}; ocultar un lugar allí quita el {share:.0%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice ({share:.0%}){more}.</source>
        <translation>{structure}: ocultar este lugar quita {amount:.1f} {unit} en este corte ({share:.0%}){more}.</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here; hiding what lies {place} would draw {share:.0%} of it.</source>
        <translation>{structure}: no se traza aquí; ocultar lo que está {place} trazaría el {share:.0%}.</translation>
    </message>
    <message>
        <source>The {structure} here depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{structure}: aquí no depende de ningún lugar; ocultar uno quita a lo sumo el {share:.1%}{counted}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure} in this slice.</source>
        <translation>{structure}: ocultar este lugar no cambia nada en este corte.</translation>
    </message>
    <message>
        <source>, and adds {amount:.1f} {unit}</source>
        <translation>, y añade {amount:.1f} {unit}</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure}{more}.</source>
        <translation>{structure}: ocultar este lugar quita {amount:.1f} {unit}{more}.</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice{more}.</source>
        <translation>{structure}: ocultar este lugar quita {amount:.1f} {unit} en este corte{more}.</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure}.</source>
        <translation>{structure}: ocultar este lugar no cambia nada.</translation>
    </message>
    <message>
        <source>the point {point} lies outside the scan; ask about a place inside it</source>
        <translation>el punto {point} está fuera del estudio; pregunte por un lugar dentro de él</translation>
    </message>
    <message>
        <source>slice {slice} was not explained; slices {slices} were</source>
        <translation>el corte {slice} no se explicó; sí los cortes {slices}</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here, and hiding no place changes that.</source>
        <translation>{structure}: no se traza aquí, y ocultar un lugar no lo cambia.</translation>
    </message>
    <message>
        <source>slices {slices}: {reason}</source>
        <translation>cortes {slices}: {reason}</translation>
    </message>
    <message>
        <source>found in no explained slice: {structures}</source>
        <translation>no se encontró en ningún corte explicado: {structures}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slice {slices}</source>
        <translation>{structure}: {count} de {total} mapas son planos, corte {slices}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slices {slices}</source>
        <translation>{structure}: {count} de {total} mapas son planos, cortes {slices}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in opposite orders ({value:.2f}; 1 is the same, −1 is reversed).</source>
        <translation>{structure}: los dos mapas ordenan los lugares al revés ({value:.2f}; 1 es igual, −1 invertido).</translation>
    </message>
    <message>
        <source>in slice {slice}</source>
        <translation>en el corte {slice}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in nearly the same order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: los dos mapas ordenan los lugares casi igual ({value:.2f}; 1 es igual, 0 sin relación).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in a similar order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: los dos mapas ordenan los lugares de modo parecido ({value:.2f}; 1 es igual, 0 sin relación).</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in unrelated orders ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}: los dos mapas ordenan los lugares sin relación ({value:.2f}; 1 es igual, 0 sin relación).</translation>
    </message>
    <message>
        <source>the two runs are of different scans, or of one that was resampled or moved between them ({first} and {second} voxels); choose two runs of one scan</source>
        <translation>las dos ejecuciones son de estudios distintos, o de uno remuestreado o movido entre ellas ({first} y {second} vóxeles); elija dos ejecuciones sobre un estudio</translation>
    </message>
    <message>
        <source>the two runs share no slice: {first} and {second}; explain the same ones</source>
        <translation>las dos ejecuciones no comparten ningún corte: {first} y {second}; explique los mismos</translation>
    </message>
    <message>
        <source>the two runs share no structure: {first}; {second}. Choose two runs of one structure</source>
        <translation>las dos ejecuciones no comparten ninguna estructura: {first}; {second}. Elija dos ejecuciones sobre una estructura</translation>
    </message>
    <message>
        <source>Of the two maps of the {structure} one is flat.</source>
        <translation>{structure}: uno de los dos mapas es plano.</translation>
    </message>
    <message>
        <source>The maps nowhere differ by much.</source>
        <translation>Los mapas no difieren mucho en ningún lugar.</translation>
    </message>
    <message>
        <source>Dice of the two predictions: {dice:.2f}.</source>
        <translation>Dice de las dos predicciones: {dice:.2f}.</translation>
    </message>
    <message>
        <source>In {share:.1%} of the places they differ by more than the samples of both explain (5% would by chance).</source>
        <translation>En el {share:.1%} de los lugares difieren más de lo que explican las muestras de ambos (un 5% lo haría por azar).</translation>
    </message>
    <message>
        <source>not both runs explain</source>
        <translation>no explican ambas ejecuciones</translation>
    </message>
    <message>
        <source>both explain</source>
        <translation>ambas explican</translation>
    </message>
    <message>
        <source>They differ most {place}: a drop of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Difieren más {place}: una caída de {first:.2f} en el primero, {second:.2f} en el segundo.</translation>
    </message>
    <message>
        <source>They differ most {place}: a share of its own largest value of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>Difieren más {place}: parte de su mayor valor {first:.2f} en el primero, {second:.2f} en el segundo.</translation>
    </message>
    <message>
        <source>{count} tiles, one of which takes {each}: about {time} for the model's own prediction</source>
        <translation>{count} teselas, una de las cuales tarda {each}: unos {time} para la predicción del propio modelo</translation>
    </message>
    <message>
        <source>{way} and {other} its middle</source>
        <translation>{way} y {other} de su centro</translation>
    </message>
    <message>
        <source>{way} and {other} this place</source>
        <translation>{way} y {other} de este lugar</translation>
    </message>
    <message>
        <source>at its middle</source>
        <translation>en su centro</translation>
    </message>
    <message>
        <source>{way} its middle</source>
        <translation>{way} de su centro</translation>
    </message>
    <message>
        <source>at this place</source>
        <translation>en este lugar</translation>
    </message>
    <message>
        <source>{way} this place</source>
        <translation>{way} de este lugar</translation>
    </message>
    <message>
        <source>{way} and {other} the middle of the {structure}</source>
        <translation>{way} y {other} del centro ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm left of</source>
        <translation>a {mm:.0f} mm a la izquierda</translation>
    </message>
    <message>
        <source>{mm:.0f} mm right of</source>
        <translation>a {mm:.0f} mm a la derecha</translation>
    </message>
    <message>
        <source>at the middle of the {structure}</source>
        <translation>en el centro ({structure})</translation>
    </message>
    <message>
        <source>{way} the middle of the {structure}</source>
        <translation>{way} del centro ({structure})</translation>
    </message>
    <message>
        <source>{mm:.0f} mm above</source>
        <translation>a {mm:.0f} mm por encima</translation>
    </message>
    <message>
        <source>{mm:.0f} mm below</source>
        <translation>a {mm:.0f} mm por debajo</translation>
    </message>
    <message>
        <source>{mm:.0f} mm behind</source>
        <translation>a {mm:.0f} mm por detrás</translation>
    </message>
    <message>
        <source>{mm:.0f} mm in front of</source>
        <translation>a {mm:.0f} mm por delante</translation>
    </message>
    <message>
        <source>the evidence was switched off</source>
        <translation>las pruebas estaban desactivadas</translation>
    </message>
    <message>
        <source>stopped by the user</source>
        <translation>detenido por el usuario</translation>
    </message>
    <message>
        <source>a test failed: {error}</source>
        <translation>una prueba falló: {error}</translation>
    </message>
    <message>
        <source>the map of {what} is coarse: it was stopped by the user after {count} evaluations</source>
        <translation>el mapa es grueso ({what}): el usuario lo detuvo tras {count} ejecuciones</translation>
    </message>
    <message>
        <source>no slice could be explained: {reasons:; }. Name another structure, region or slices (the model is {model}, the scan is {modality})</source>
        <translation>no se pudo explicar ningún corte: {reasons:; }. Indique otra estructura, región u otros cortes (el modelo es {model}, el estudio es {modality})</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>pruebas de los mapas</translation>
    </message>
    <message>
        <source>stopped by the user after {count} of {total} slices</source>
        <translation>detenido por el usuario tras {count} de {total} cortes</translation>
    </message>
    <message>
        <source>what each image of {what} does is not complete: it was stopped by the user</source>
        <translation>lo que hace cada imagen no está completo ({what}): lo detuvo el usuario</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>midiendo</translation>
    </message>
    <message>
        <source>the model took too long</source>
        <translation>el modelo tardó demasiado</translation>
    </message>
    <message>
        <source>the volume</source>
        <translation>el volumen</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>corte {slice}</translation>
    </message>
    <message>
        <source>ended after {count} of {total} slices: {error}</source>
        <translation>terminado tras {count} de {total} cortes: {error}</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean, or say --modality CT if it is one</source>
        <translation>el relleno {fill} es un número de TC; {what} es {modality}: elija blur o mean, o diga --modality CT si lo es</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean</source>
        <translation>el relleno {fill} es un número de TC; {what} es {modality}: elija blur o mean</translation>
    </message>
    <message>
        <source>what each image is worth is computed exactly for {most} at most; here are {count}</source>
        <translation>lo que vale cada imagen se calcula exactamente para {most} a lo sumo; aquí hay {count}</translation>
    </message>
    <message>
        <source>{count} labelled slices hold it; label at least {least}</source>
        <translation>{count} cortes etiquetados la contienen; etiquete al menos {least}</translation>
    </message>
    <message>
        <source>{count} shots are too few; give at least {least}, such as 8</source>
        <translation>{count} cortes son muy pocos; dé al menos {least}, por ejemplo 8</translation>
    </message>
    <message>
        <source>there are no labels to learn from; give a mask or a label map of the scan</source>
        <translation>no hay etiquetas de las que aprender; dé una máscara o un mapa de etiquetas del estudio</translation>
    </message>
    <message>
        <source>{structure}: no labelled slice is left to measure on; label more than {least}</source>
        <translation>{structure}: no queda ningún corte etiquetado para medir; etiquete más de {least}</translation>
    </message>
    <message>
        <source>{structure}: only {count} labelled slices hold it, and all are used as shots</source>
        <translation>{structure}: solo {count} cortes etiquetados la contienen, y todos se usan para aprender</translation>
    </message>
    <message>
        <source>{structure}: no slice is known to be without it, so that nothing is learned of other levels</source>
        <translation>{structure}: no se sabe de ningún corte que no la contenga, así que nada se aprende de otros niveles</translation>
    </message>
    <message>
        <source>{structure}: learned prompts are no better than its words ({learned:.3f}, {plain:.3f})</source>
        <translation>{structure}: las palabras aprendidas no son mejores que las simples ({learned:.3f}, {plain:.3f})</translation>
    </message>
    <message>
        <source>{structure} in the slices {slices}: {error}</source>
        <translation>{structure} en los cortes {slices}: {error}</translation>
    </message>
    <message>
        <source>not compared with a prediction: {error}</source>
        <translation>sin comparar con una predicción: {error}</translation>
    </message>
    <message>
        <source>the reference holds none of the structures</source>
        <translation>la referencia no contiene ninguna de las estructuras</translation>
    </message>
    <message>
        <source>the model finds none of the structures</source>
        <translation>el modelo no encuentra ninguna de las estructuras</translation>
    </message>
    <message>
        <source>the reference holds no more than {area:g} mm2 of the structures</source>
        <translation>la referencia no contiene más de {area:g} mm² de las estructuras</translation>
    </message>
    <message>
        <source>the model finds no more than {area:g} mm2 of the structures</source>
        <translation>el modelo no encuentra más de {area:g} mm² de las estructuras</translation>
    </message>
    <message>
        <source>the slices that hold at least a tenth of that were explained; stray pixels look like this as well</source>
        <translation>se explicaron los cortes que contienen al menos una décima parte; píxeles sueltos también se ven así</translation>
    </message>
    <message>
        <source>to explain it, name its slices: slices {slice}, or {range}</source>
        <translation>para explicarla, indique sus cortes: {slice}, o {range}</translation>
    </message>
    <message>
        <source>{structure}: the prediction is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}: la predicción no supera {area:.3g} mm² en ningún corte, y la elección automática pide {least:g} mm²; {advice}</translation>
    </message>
    <message>
        <source>{structure}: the reference is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}: la referencia no supera {area:.3g} mm² en ningún corte, y la elección automática pide {least:g} mm²; {advice}</translation>
    </message>
    <message>
        <source>first run of the model, on {size} voxels ({millions:.1f} million)</source>
        <translation>primera ejecución del modelo, en {size} vóxeles ({millions:.1f} millones)</translation>
    </message>
    <message>
        <source>{said}, {least:.1f} GB of memory at least</source>
        <translation>{said}, al menos {least:.1f} GB de memoria</translation>
    </message>
    <message>
        <source>preparing the volume</source>
        <translation>preparando el volumen</translation>
    </message>
    <message>
        <source>{done} of {total} evaluations</source>
        <translation>{done} de {total} ejecuciones del modelo</translation>
    </message>
    <message>
        <source>{model} gets {size} voxels at once and needs {least:.1f} GB of memory at least for each evaluation; {free:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop or resample the scan, or use a machine with more memory</source>
        <translation>{model} recibe {size} vóxeles a la vez y necesita al menos {least:.1f} GB de memoria por ejecución; hay {free:.1f} GB libres. Dé un espaciado mayor o un tamaño menor en su archivo adjunto, recorte o remuestree el estudio, o use un equipo con más memoria</translation>
    </message>
    <message>
        <source>the {source} region is thinner than a voxel of the model</source>
        <translation>la región es más fina que un vóxel del modelo ({source})</translation>
    </message>
    <message>
        <source>{file} in {folder} is damaged ({reason}); run it again, or get the folder again</source>
        <translation>{file} en {folder} está dañado ({reason}); repítala, o consiga de nuevo la carpeta</translation>
    </message>
    <message>
        <source>{folder} holds no explanation ({reason}); give the folder of a finished run</source>
        <translation>{folder} no contiene ninguna explicación ({reason}); dé la carpeta de una ejecución terminada</translation>
    </message>
    <message>
        <source>with the fill {fill} on slices {slices}</source>
        <translation>con el relleno {fill} en los cortes {slices}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slices {slices} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>sin probar en ese corte; en los cortes {slices} el lugar que más importa allí quita hasta el {share:.0%} con el relleno {fill}</translation>
    </message>
    <message>
        <source>hiding it takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>ocultarlo quita el {share:.1%} del resto con el relleno {fill}, el {other_share:.1%} con {other_fill}</translation>
    </message>
    <message>
        <source>Whether one place matters for the rest of the {structure} cannot be told</source>
        <translation>{structure}: no se puede saber si un lugar importa para el resto</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding it takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}: el lugar que más importa para el resto está {place}; ocultarlo quita el {share:.0%} de lo no ocultado</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: 1 other structure</source>
        <translation>oculta con el relleno {fill}: 1 estructura más</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}, the {third} {third_share:.0%}</source>
        <translation>{structure}: necesita otras estructuras; ocultar {other} quita el {share:.0%}, {second} el {second_share:.0%}, {third} el {third_share:.0%}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} without being seen lies mostly {place}</source>
        <translation>{structure}: lo que se traza sin verse está sobre todo {place}</translation>
    </message>
    <message>
        <source>the same run on a model that only loses what is hidden</source>
        <translation>la misma ejecución en un modelo que solo pierde lo que se oculta</translation>
    </message>
    <message>
        <source>The map of the drop is more than the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}: el mapa de la caída es más que la forma (correlación de rangos {value:.2f} con un mapa que no necesita modelo)</translation>
    </message>
    <message>
        <source>with the fill {fill}</source>
        <translation>con el relleno {fill}</translation>
    </message>
    <message>
        <source>with the fill {fill} on slice {slice}</source>
        <translation>con el relleno {fill} en el corte {slice}</translation>
    </message>
    <message>
        <source>not tested under another fill</source>
        <translation>sin probar con otro relleno</translation>
    </message>
    <message>
        <source>{share:.0%} still drawn {where}</source>
        <translation>{share:.0%} aún trazado {where}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from what is there: where it is hidden, {share:.0%} of it goes</source>
        <translation>{structure}: se traza por lo que hay allí; donde se oculta, desaparece el {share:.0%}</translation>
    </message>
    <message>
        <source>the same place takes away {share:.0%} with the fill {fill}</source>
        <translation>el mismo lugar quita el {share:.0%} con el relleno {fill}</translation>
    </message>
    <message>
        <source>not tested in that slice; the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>sin probar en ese corte; el lugar que más importa allí quita hasta el {share:.0%} con el relleno {fill}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slice {slice} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>sin probar en ese corte; en el corte {slice} el lugar que más importa allí quita hasta el {share:.0%} con el relleno {fill}</translation>
    </message>
    <message>
        <source>No place matters for the rest of the {structure}: hiding one takes away {share:.1%} of the rest at most</source>
        <translation>{structure}: ningún lugar importa para el resto; ocultar uno quita a lo sumo el {share:.1%} del resto</translation>
    </message>
    <message>
        <source>Which place matters most for the rest of the {structure} cannot be told</source>
        <translation>{structure}: no se puede saber qué lugar importa más para el resto</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>ocultar uno quita el {share:.1%} del resto con el relleno {fill}, el {other_share:.1%} con {other_fill}</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding a place of {size:.0f} mm there takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}: el lugar que más importa para el resto está {place}; ocultar allí un lugar de {size:.0f} mm quita el {share:.0%} de lo no ocultado</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: {count} other structures one at a time</source>
        <translation>ocultas con el relleno {fill}: {count} estructuras más, una a una</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it</source>
        <translation>{structure}: no necesita otra estructura; ocultar {other} quita el {share:.1%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it</source>
        <translation>{structure}: necesita otras estructuras; ocultar {other} quita el {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}</source>
        <translation>{structure}: necesita otras estructuras; ocultar {other} quita el {share:.0%}, {second} el {second_share:.0%}</translation>
    </message>
    <message>
        <source>The map of the drop is the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model): it says where it is, not why</source>
        <translation>{structure}: el mapa de la caída es la forma (correlación de rangos {value:.2f} con un mapa que no necesita modelo); dice dónde, no por qué</translation>
    </message>
    <message>
        <source>Whether the map of the drop is more than the {structure}'s shape cannot be told (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}: no se puede saber si el mapa de la caída es más que la forma (correlación de rangos {value:.2f} con un mapa que no necesita modelo)</translation>
    </message>
    <message>
        <source>no place is known to matter for the rest, {where}</source>
        <translation>no se conoce ningún lugar que importe para el resto, {where}</translation>
    </message>
    <message>
        <source>Whether the {structure} is drawn from what is there or from its surroundings cannot be told</source>
        <translation>{structure}: no se puede saber si se traza por lo que hay allí o por el entorno</translation>
    </message>
    <message>
        <source>of what is hidden {share:.0%} is still drawn with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>de lo ocultado se sigue trazando el {share:.0%} con el relleno {fill}, el {other_share:.0%} con {other_fill}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}: se traza por el entorno; donde se oculta, se sigue trazando el {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} is drawn in part from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}: se traza en parte por el entorno; donde se oculta, se sigue trazando el {share:.0%}</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest, or {most:.1%} with the standard error</source>
        <translation>ocultar uno quita el {share:.1%} del resto, o el {most:.1%} con el error estándar</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it, and no other more</source>
        <translation>{structure}: no necesita otra estructura; ocultar {other} quita el {share:.1%}, y ninguna otra más</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slices {slices}, {much}; the map can't show it</source>
        <translation>{structure}: en los cortes {slices} importa un lugar no perturbado, {much}; el mapa no puede mostrarlo</translation>
    </message>
    <message>
        <source>{share:.0%} as much as all that was perturbed</source>
        <translation>un {share:.0%} de todo lo perturbado</translation>
    </message>
    <message>
        <source>up to {share}</source>
        <translation>hasta {share}</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters, {much}; the map can't show it</source>
        <translation>{structure}: importa un lugar no perturbado, {much}; el mapa no puede mostrarlo</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slice {slice}, {much}; the map can't show it</source>
        <translation>{structure}: en el corte {slice} importa un lugar no perturbado, {much}; el mapa no puede mostrarlo</translation>
    </message>
    <message>
        <source>{times:.1f} times all that was perturbed</source>
        <translation>{times:.1f} veces todo lo perturbado</translation>
    </message>
    <message>
        <source>and nothing else</source>
        <translation>y nada más</translation>
    </message>
    <message>
        <source>evidence: {reason}</source>
        <translation>pruebas: {reason}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs cannot be told: hiding all of them takes away {share:.1%} of its score</source>
        <translation>{structure}: no se puede saber de qué imagen depende; ocultarlas todas quita el {share:.1%} de la puntuación</translation>
    </message>
    <message>
        <source>hidden in the whole region with the fill {fill}</source>
        <translation>oculto en toda la región con el relleno {fill}</translation>
    </message>
    <message>
        <source>The {structure} hangs on no image alone: of what is lost when all are hidden {shares}</source>
        <translation>{structure}: no depende de una sola imagen; de lo que se pierde al ocultarlas todas: {shares}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs most cannot be told: {image} has {share:.0%} of what is lost when all are hidden with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>{structure}: no se puede saber de qué imagen depende más; {image} tiene el {share:.0%} de lo que se pierde al ocultarlas todas con el relleno {fill}, el {other_share:.0%} con {other_fill}</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden</source>
        <translation>{structure}: depende sobre todo de {image}; el {share:.0%} de lo que se pierde al ocultar todas las imágenes</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden, {others}</source>
        <translation>{structure}: depende sobre todo de {image}; el {share:.0%} de lo que se pierde al ocultar todas las imágenes, {others}</translation>
    </message>
    <message>
        <source>slices {slices}</source>
        <translation>cortes {slices}</translation>
    </message>
    <message>
        <source>the volumes, {numbers} and {report} are in {folder}, the pictures are missing ({reason})</source>
        <translation>los volúmenes, {numbers} y {report} están en {folder}, faltan las imágenes ({reason})</translation>
    </message>
    <message>
        <source>the explanation in {folder} is damaged ({reason}); run it again</source>
        <translation>la explicación en {folder} está dañada ({reason}); repítala</translation>
    </message>
    <message>
        <source>{file} holds no segment in the scan; give one that lies on it</source>
        <translation>{file} no contiene ningún segmento en el estudio; dé una que esté sobre él</translation>
    </message>
    <message>
        <source>{file} holds nothing of the {structures} in the scan</source>
        <translation>{file} no contiene en el estudio nada de: {structures}</translation>
    </message>
    <message>
        <source>{file} is the scan itself, not a label map; give the file with the labels</source>
        <translation>{file} es el propio estudio, no un mapa de etiquetas; dé el archivo con las etiquetas</translation>
    </message>
    <message>
        <source>{share:.0%} of what is labelled in {file} lies outside the scan</source>
        <translation>el {share:.0%} de lo etiquetado en {file} está fuera del estudio</translation>
    </message>
    <message>
        <source>{file} covers {share:.0%} of the scan; the rest counts as not labelled</source>
        <translation>{file} cubre el {share:.0%} del estudio; el resto cuenta como sin etiquetar</translation>
    </message>
    <message>
        <source>the model draws {structure} where the words find none (presence {model:.2f} and {words:.2f})</source>
        <translation>el modelo dibuja {structure} donde las palabras no encuentran nada (presencia {model:.2f} y {words:.2f})</translation>
    </message>
    <message>
        <source>the words find {structure} where the model draws none (presence {words:.2f} and {model:.2f})</source>
        <translation>las palabras encuentran {structure} donde el modelo no dibuja nada (presencia {words:.2f} y {model:.2f})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher around the model's prediction than in it: try another strategy, other words or negative prompts</source>
        <translation>la similitud con {structure} parece invertida, mayor alrededor de la predicción que en ella: pruebe otra comparación, otras palabras o palabras negativas</translation>
    </message>
    <message>
        <source>the {source} region is empty</source>
        <translation>la región está vacía ({source})</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher in the air round the patient than in the patient: try another strategy, other words or negative prompts</source>
        <translation>la similitud con {structure} parece invertida, mayor en el aire alrededor del paciente que en él: pruebe otra comparación, otras palabras o palabras negativas</translation>
    </message>
    <message>
        <source>{reason}: the box of the model's prediction, {mm:g} mm wider, is used</source>
        <translation>{reason}: se usa la caja de la predicción del modelo, {mm:g} mm más ancha</translation>
    </message>
    <message>
        <source>{mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller dilation gives a smaller one</source>
        <translation>{mm:g} mm alrededor de la predicción llenan el corte: la región no deja nada fuera; un margen menor da una menor</translation>
    </message>
    <message>
        <source>the region holds less than {share:.0%} of the prediction</source>
        <translation>la región contiene menos del {share:.0%} de la predicción</translation>
    </message>
    <message>
        <source>Otsu's threshold is refused for {structure}, whose similarity has no two levels: {level:g} is used</source>
        <translation>el umbral de Otsu se rechaza para {structure}, cuya similitud no tiene dos niveles: se usa {level:g}</translation>
    </message>
    <message>
        <source>threshold {threshold:g} is below {least}: the region may hold much that was not asked for</source>
        <translation>el umbral {threshold:g} está por debajo de {least}: la región puede contener mucho que no se pidió</translation>
    </message>
    <message>
        <source>the region covers {share:.0%} of the body at threshold {level:g}</source>
        <translation>la región cubre el {share:.0%} del cuerpo con el umbral {level:g}</translation>
    </message>
    <message>
        <source>threshold raised from {threshold:g} to {level:g}</source>
        <translation>umbral subido de {threshold:g} a {level:g}</translation>
    </message>
    <message>
        <source>taken for {modality} from its values (--modality says otherwise)</source>
        <translation>tomado por {modality} según sus valores (--modality lo cambia)</translation>
    </message>
    <message>
        <source>the file says that the scan is {file}; it is taken for {modality}, as was asked for</source>
        <translation>el archivo dice que el estudio es {file}; se toma por {modality}, como se pidió</translation>
    </message>
    <message>
        <source>{offset} was taken off the scan's values to make Hounsfield units of them: they are whole numbers from {low:g} up, with air near 0, soft tissue near {offset} and hardly anything between</source>
        <translation>se restó {offset} a los valores del estudio para hacerlos unidades Hounsfield: son números enteros desde {low:g}, con aire cerca de 0, tejido blando cerca de {offset} y casi nada entre medias</translation>
    </message>
    <message>
        <source>{scan} is said to be a CT, but its values from {low:g} to {high:g} are no Hounsfield units, and not surely such with {offset} added (air near 0, water near {offset}): convert it (stored value x slope + intercept), or give --modality OT to take the values as they are</source>
        <translation>{scan} se dice TC, pero sus valores de {low:g} a {high:g} no son unidades Hounsfield, ni seguro tales con {offset} sumado (aire cerca de 0, agua cerca de {offset}): conviértalo (valor almacenado x pendiente + ordenada), o dé --modality OT para tomar los valores como están</translation>
    </message>
    <message>
        <source>the scan has no air (its lowest value is {low:g} HU): it may have been cut to a window</source>
        <translation>el estudio no tiene aire (su menor valor es {low:g} UH): quizá se recortó a una ventana</translation>
    </message>
    <message>
        <source>there is no checkpoint {path}; give the path of a file on this machine</source>
        <translation>no existe el checkpoint {path}; dé la ruta de un archivo de este equipo</translation>
    </message>
    <message>
        <source>{file} can't be read as a checkpoint ({reason}); get the file again</source>
        <translation>{file} no se puede leer como checkpoint ({reason}); consiga de nuevo el archivo</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} no está en este equipo, y no se descarga nada sin su acuerdo: viene de {url}; añada --download, o use `xaiclip models download`</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and {by} forbids to download it; unset {by}, or download it elsewhere</source>
        <translation>{name} no está en este equipo, y {by} prohíbe descargarlo; quite {by}, o descárguelo en otra parte</translation>
    </message>
    <message>
        <source>{name} is damaged (its checksum is wrong), and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} está dañado (su suma de verificación es errónea), y no se descarga nada sin su acuerdo: viene de {url}; añada --download, o use `xaiclip models download`</translation>
    </message>
    <message>
        <source>the worker failed: {kind}: {error} (the whole story is in the log)</source>
        <translation>el proceso de cálculo falló: {kind}: {error} (el registro lo cuenta todo)</translation>
    </message>
    <message>
        <source>a Python package can't be imported ({error}); install what is missing, then try again</source>
        <translation>no se puede importar un paquete de Python ({error}); instale lo que falta y vuelva a intentarlo</translation>
    </message>
    <message>
        <source>a file can't be used ({error}); check its path, the rights and the room on the disk</source>
        <translation>no se puede usar un archivo ({error}); revise la ruta, los permisos y el espacio en disco</translation>
    </message>
    <message>
        <source>memory ran out; close other programs, choose fewer slices, or another device</source>
        <translation>se agotó la memoria; cierre otros programas, elija menos cortes u otro dispositivo</translation>
    </message>
    <message>
        <source>stopped by the user before it began</source>
        <translation>detenido por el usuario antes de empezar</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>dibujando</translation>
    </message>
    <message>
        <source>slice {slice} lies outside the scan, which has slices 0 to {last}</source>
        <translation>el corte {slice} está fuera del estudio, que tiene los cortes 0 a {last}</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>guardando</translation>
    </message>
</context>
<context>
    <name>MattersPart</name>
    <message>
        <source>Click a row: all views go there, and the answer is shown.</source>
        <translation>Haga clic en una fila: todas las vistas van allí y se muestra la respuesta.</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>Lo que importa</translation>
    </message>
    <message>
        <source>What the chosen row is about.</source>
        <translation>De qué trata la fila elegida.</translation>
    </message>
</context>
<context>
    <name>XAICLIP</name>
    <message>
        <source>S&amp;can:</source>
        <translation>Es&amp;tudio:</translation>
    </message>
    <message>
        <source>The scan in which the model's segmentation is to be explained.</source>
        <translation>El estudio en el que se explicará la segmentación del modelo.</translation>
    </message>
    <message>
        <source>Choose a scan</source>
        <translation>Elegir un estudio</translation>
    </message>
    <message>
        <source>Sample &amp;data</source>
        <translation>&amp;Datos de ejemplo</translation>
    </message>
    <message>
        <source>Draw a synthetic CT of the upper abdomen, with liver, spleen, kidneys and more, to try things on. Nothing is downloaded.</source>
        <translation>Dibujar una TC sintética del abdomen superior, con hígado, bazo, riñones y más, para probar. No se descarga nada.</translation>
    </message>
    <message>
        <source>S&amp;tructures:</source>
        <translation>Est&amp;ructuras:</translation>
    </message>
    <message>
        <source>Type to search the list. Enter ticks the first match; a text that is not in the list is used in your own words.</source>
        <translation>Escriba para buscar en la lista. Intro marca la primera coincidencia; un texto que no está en la lista se usa como sus propias palabras.</translation>
    </message>
    <message>
        <source>Search, or type your own words</source>
        <translation>Buscar, o escribir sus palabras</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Estructuras</translation>
    </message>
    <message>
        <source>Tick what is to be explained. Structures in grey are not segmented by the model: their region can be shown, but not explained.</source>
        <translation>Marque lo que se explicará. Las estructuras en gris no las segmenta el modelo: su región se puede mostrar, pero no explicar.</translation>
    </message>
    <message>
        <source>What is ticked.</source>
        <translation>Lo que está marcado.</translation>
    </message>
    <message>
        <source>Sl&amp;ices:</source>
        <translation>C&amp;ortes:</translation>
    </message>
    <message>
        <source>Which axial slices are explained. One slice takes seconds; all of them are needed for the 3D view.</source>
        <translation>Qué cortes axiales se explican. Un corte tarda segundos; para la vista 3D hacen falta todos.</translation>
    </message>
    <message>
        <source>&amp;From, to:</source>
        <translation>D&amp;e, a:</translation>
    </message>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Primer y último corte axial, contados desde los pies. La vista axial sigue al extremo que se mueve.</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>&amp;Modelo:</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>El modelo de segmentación que se explicará.</translation>
    </message>
    <message>
        <source>On this mac&amp;hine:</source>
        <translation>En este &amp;PC:</translation>
    </message>
    <message>
        <source>The models that TotalSegmentator, nnU-Net, MONAIAuto3DSeg and other programs have left on this machine.</source>
        <translation>Los modelos que TotalSegmentator, nnU-Net, MONAIAuto3DSeg y otros programas han dejado en este equipo.</translation>
    </message>
    <message>
        <source>Seg&amp;ment:</source>
        <translation>Se&amp;gmento:</translation>
    </message>
    <message>
        <source>A segment that a model has made; the model is found from what its extension left in the scene.</source>
        <translation>Un segmento que hizo un modelo; el modelo se encuentra por lo que su extensión dejó en la escena.</translation>
    </message>
    <message>
        <source>Fi&amp;le:</source>
        <translation>Arc&amp;hivo:</translation>
    </message>
    <message>
        <source>The model's file or folder: TorchScript, ONNX, a MONAI bundle, an nnU-Net folder, or a SAM checkpoint.</source>
        <translation>El archivo o la carpeta del modelo: TorchScript, ONNX, un bundle de MONAI, una carpeta de nnU-Net o un checkpoint de SAM.</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Elegir la carpeta del modelo</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>&amp;Carpeta…</translation>
    </message>
    <message>
        <source>Choose a folder: a MONAI bundle or an nnU-Net model.</source>
        <translation>Elegir una carpeta: un bundle de MONAI o un modelo de nnU-Net.</translation>
    </message>
    <message>
        <source>Which model made the segment, and whether its prediction today is the segment in the scene.</source>
        <translation>Qué modelo hizo el segmento, y si su predicción de hoy es el segmento de la escena.</translation>
    </message>
    <message>
        <source>Image &amp;2:</source>
        <translation>Imagen &amp;2:</translation>
    </message>
    <message>
        <source>A further image of the patient, registered to the volume, which the model takes as its next channel. It is brought to the volume's grid.</source>
        <translation>Otra imagen del paciente, registrada con el volumen, que el modelo toma como siguiente canal. Se lleva a la rejilla del volumen.</translation>
    </message>
    <message>
        <source>Choose an image</source>
        <translation>Elegir una imagen</translation>
    </message>
    <message>
        <source>Image &amp;3:</source>
        <translation>Imagen &amp;3:</translation>
    </message>
    <message>
        <source>Image &amp;4:</source>
        <translation>Imagen &amp;4:</translation>
    </message>
    <message>
        <source>What the model is and which structures it segments.</source>
        <translation>Qué es el modelo y qué estructuras segmenta.</translation>
    </message>
    <message>
        <source>What is set under Advanced, in words.</source>
        <translation>Lo que está ajustado en «Avanzado», en palabras.</translation>
    </message>
    <message>
        <source>&amp;Advanced</source>
        <translation>&amp;Avanzado</translation>
    </message>
    <message>
        <source>Region, language model, method, images and learning: everything that can be set beside the question itself.</source>
        <translation>Región, modelo de lenguaje, método, imágenes y aprendizaje: todo lo que se puede ajustar además de la pregunta.</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>Re&amp;gión</translation>
    </message>
    <message>
        <source>Where the scan may be hidden, and its preview.</source>
        <translation>Dónde se puede ocultar el estudio, y su vista previa.</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>&amp;Buscar en:</translation>
    </message>
    <message>
        <source>Where the scan may be perturbed. Everything outside stays as it is.</source>
        <translation>Dónde se puede perturbar el estudio. Todo lo de fuera queda como está.</translation>
    </message>
    <message>
        <source>Se&amp;gment:</source>
        <translation>Se&amp;gmento:</translation>
    </message>
    <message>
        <source>The segment that is used as the region, as it is.</source>
        <translation>El segmento que se usa como región, tal cual.</translation>
    </message>
    <message>
        <source>&amp;Box:</source>
        <translation>Ca&amp;ja:</translation>
    </message>
    <message>
        <source>A markups ROI box; choose “Create new” and drag its handles in the views.</source>
        <translation>Una caja ROI de Markups; elija «Crear nuevo» y arrastre sus asas en las vistas.</translation>
    </message>
    <message>
        <source>T&amp;hreshold:</source>
        <translation>&amp;Umbral:</translation>
    </message>
    <message>
        <source>Probability from which a pixel belongs to the region. Higher: a smaller, surer region.</source>
        <translation>Probabilidad a partir de la cual un píxel pertenece a la región. Más alta: una región más pequeña y más segura.</translation>
    </message>
    <message>
        <source>Smoothin&amp;g:</source>
        <translation>Suavi&amp;zado:</translation>
    </message>
    <message>
        <source>Smoothing of the similarity before the threshold, in pixels of a slice 512 pixels wide.</source>
        <translation>Suavizado de la similitud antes del umbral, en píxeles de un corte de 512 píxeles de ancho.</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Mar&amp;gin:</source>
        <translation>Mar&amp;gen:</translation>
    </message>
    <message>
        <source>Grow the region by so many millimeters, to see whether the model also looks at what lies around it.</source>
        <translation>Ampliar la región tantos milímetros, para ver si el modelo también mira lo que la rodea.</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Pre&amp;view region</source>
        <translation>&amp;Vista previa de la región</translation>
    </message>
    <message>
        <source>Show the region and the similarity to the words on the current axial slice; follows the threshold and the slice while it is pressed.</source>
        <translation>Mostrar la región y la similitud con las palabras en el corte axial actual; sigue al umbral y al corte mientras está pulsado.</translation>
    </message>
    <message>
        <source>Edit in Segmen&amp;t Editor</source>
        <translation>Editar en Segmen&amp;t Editor</translation>
    </message>
    <message>
        <source>Turn the region of the chosen slices into a segmentation and open it in the Segment Editor. The edited region is then used as it is.</source>
        <translation>Convertir la región de los cortes elegidos en una segmentación y abrirla en Segment Editor. La región editada se usa después tal cual.</translation>
    </message>
    <message>
        <source>How good the region is: its share of the slice, how much of the model's prediction it holds, and warnings.</source>
        <translation>Lo buena que es la región: su parte del corte, cuánto de la predicción del modelo contiene, y avisos.</translation>
    </message>
    <message>
        <source>How &amp;words are found</source>
        <translation>Cómo se encue&amp;ntran las palabras</translation>
    </message>
    <message>
        <source>The language model that finds the words in the scan.</source>
        <translation>El modelo de lenguaje que encuentra las palabras en el estudio.</translation>
    </message>
    <message>
        <source>Lan&amp;guage model:</source>
        <translation>Modelo de len&amp;guaje:</translation>
    </message>
    <message>
        <source>The vision-language model that finds the words in the scan: one of the list, hf-hub:OWNER/NAME, local-dir:FOLDER, or ARCHITECTURE:CHECKPOINT of open_clip.</source>
        <translation>El modelo de visión y lenguaje que encuentra las palabras en el estudio: uno de la lista, hf-hub:OWNER/NAME, local-dir:FOLDER, o ARCHITECTURE:CHECKPOINT de open_clip.</translation>
    </message>
    <message>
        <source>Do&amp;wnload</source>
        <translation>Desca&amp;rgar</translation>
    </message>
    <message>
        <source>Download the model's weights once. Nothing is uploaded.</source>
        <translation>Descargar los pesos del modelo una vez. No se envía nada.</translation>
    </message>
    <message>
        <source>What the language model is, its licence, and whether it is on this computer.</source>
        <translation>Qué es el modelo de lenguaje, su licencia, y si está en este equipo.</translation>
    </message>
    <message>
        <source>Com&amp;parison:</source>
        <translation>Com&amp;paración:</translation>
    </message>
    <message>
        <source>How the patches of a slice are compared with the words. Try another one where the region is not on the structure.</source>
        <translation>Cómo se comparan las zonas de un corte con las palabras. Pruebe otra si la región no está sobre la estructura.</translation>
    </message>
    <message>
        <source>Lear&amp;ned words:</source>
        <translation>Palabras apren&amp;didas:</translation>
    </message>
    <message>
        <source>A file that was learned from labelled slices with this language model; empty to use the words alone.</source>
        <translation>Un archivo aprendido de cortes anotados con este modelo de lenguaje; vacío para usar solo las palabras.</translation>
    </message>
    <message>
        <source>Model and com&amp;puter</source>
        <translation>Modelo y e&amp;quipo</translation>
    </message>
    <message>
        <source>What kind of model it is, what it is pointed with, and where it runs.</source>
        <translation>Qué tipo de modelo es, con qué se le señala el lugar y dónde se ejecuta.</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>&amp;Tipo:</translation>
    </message>
    <message>
        <source>What the file or folder is. Choose MedSAM or SAM yourself: their files look alike, but they want the scan prepared in different ways.</source>
        <translation>Qué es el archivo o la carpeta. Elija usted MedSAM o SAM: sus archivos se parecen, pero quieren el estudio preparado de otro modo.</translation>
    </message>
    <message>
        <source>Promp&amp;t:</source>
        <translation>&amp;Indicación:</translation>
    </message>
    <message>
        <source>What MedSAM or SAM is pointed with: a markups ROI box, or a point list, whose deselected points mean what the structure is not. None: the box of the region.</source>
        <translation>Con qué se señala el lugar a MedSAM o SAM: una caja ROI de Markups, o una lista de puntos cuyos puntos deseleccionados dicen lo que no es la estructura. Ninguna: la caja de la región.</translation>
    </message>
    <message>
        <source>The box of the region</source>
        <translation>La caja de la región</translation>
    </message>
    <message>
        <source>Compute &amp;on:</source>
        <translation>Calcular e&amp;n:</translation>
    </message>
    <message>
        <source>Where the models run. Automatic uses the graphics card where there is one.</source>
        <translation>Dónde se ejecutan los modelos. Automático usa la tarjeta gráfica si la hay.</translation>
    </message>
    <message>
        <source>Chec&amp;k model</source>
        <translation>Compro&amp;bar el modelo</translation>
    </message>
    <message>
        <source>Open the model once and list the structures that it segments.</source>
        <translation>Abrir el modelo una vez y listar las estructuras que segmenta.</translation>
    </message>
    <message>
        <source>Metho&amp;d</source>
        <translation>Méto&amp;do</translation>
    </message>
    <message>
        <source>How places are hidden, how finely, and what has to drop.</source>
        <translation>Cómo se ocultan los lugares, con qué detalle, y qué tiene que caer.</translation>
    </message>
    <message>
        <source>Met&amp;hod:</source>
        <translation>&amp;Método:</translation>
    </message>
    <message>
        <source>Occlusion: a patch slides over the region; easiest to read. Coarse to fine: the same with a small step, at a fraction of the cost. RISE: many random masks. LIME: superpixels and a linear model. KernelSHAP: Shapley values of superpixels. HSIC: statistical dependence on the cells of a grid.</source>
        <translation>Oclusión: una zona se desliza sobre la región; lo más fácil de leer. De grueso a fino: lo mismo con un paso pequeño, a una fracción del coste. RISE: muchas máscaras aleatorias. LIME: superpíxeles y un modelo lineal. KernelSHAP: valores de Shapley de superpíxeles. HSIC: dependencia estadística de las celdas de una rejilla.</translation>
    </message>
    <message>
        <source>&amp;Quality:</source>
        <translation>&amp;Calidad:</translation>
    </message>
    <message>
        <source>How fine the map is, and how long it takes. The settings below follow.</source>
        <translation>Lo fino que es el mapa y cuánto tarda. Los ajustes de abajo lo siguen.</translation>
    </message>
    <message>
        <source>F&amp;ill with:</source>
        <translation>Re&amp;llenar con:</translation>
    </message>
    <message>
        <source>What is put in the place of what is taken away.</source>
        <translation>Lo que se pone en lugar de lo que se quita.</translation>
    </message>
    <message>
        <source>Meas&amp;ure:</source>
        <translation>Me&amp;dida:</translation>
    </message>
    <message>
        <source>What has to drop: the overlap with the unperturbed prediction (Dice), or the model's confidence.</source>
        <translation>Lo que tiene que caer: el solapamiento con la predicción sin perturbar (Dice), o la confianza del modelo.</translation>
    </message>
    <message>
        <source>Re&amp;ference:</source>
        <translation>Re&amp;ferencia:</translation>
    </message>
    <message>
        <source>What the model's masks are scored against: a segmentation or label map that somebody drew, whose segments are found by terminology or name. None: the model's own unperturbed prediction.</source>
        <translation>Con qué se comparan las máscaras del modelo: una segmentación o mapa de etiquetas que alguien trazó, cuyos segmentos se encuentran por terminología o nombre. Ninguna: la predicción sin perturbar del propio modelo.</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>La predicción del propio modelo</translation>
    </message>
    <message>
        <source>Which segment of the reference stands for which structure.</source>
        <translation>Qué segmento de la referencia representa qué estructura.</translation>
    </message>
    <message>
        <source>Also hide each or&amp;gan in turn</source>
        <translation>Ocultar también cada ór&amp;gano por separado</translation>
    </message>
    <message>
        <source>Hides everything that the model draws, one structure at a time, to answer which organ needs which. One run of the model more for each of them, in each slice.</source>
        <translation>Oculta todo lo que dibuja el modelo, una estructura cada vez, para responder qué órgano necesita a cuál. Una ejecución más del modelo por cada una, en cada corte.</translation>
    </message>
    <message>
        <source>Num&amp;bers of the method</source>
        <translation>Números del mé&amp;todo</translation>
    </message>
    <message>
        <source>The numbers behind the quality.</source>
        <translation>Los números detrás de la calidad.</translation>
    </message>
    <message>
        <source>Patch:</source>
        <translation>Zona:</translation>
    </message>
    <message>
        <source>Edge of the patch, in pixels of a slice 512 pixels wide.</source>
        <translation>Lado de la zona, en píxeles de un corte de 512 píxeles de ancho.</translation>
    </message>
    <message>
        <source>Step:</source>
        <translation>Paso:</translation>
    </message>
    <message>
        <source>Step from patch to patch, in the same pixels; at most half of the patch.</source>
        <translation>Paso de zona a zona, en los mismos píxeles; como mucho la mitad de la zona.</translation>
    </message>
    <message>
        <source>Masks:</source>
        <translation>Máscaras:</translation>
    </message>
    <message>
        <source>Number of random masks.</source>
        <translation>Número de máscaras aleatorias.</translation>
    </message>
    <message>
        <source>Grid:</source>
        <translation>Rejilla:</translation>
    </message>
    <message>
        <source>Cells of the grid along each side.</source>
        <translation>Celdas de la rejilla a lo largo de cada lado.</translation>
    </message>
    <message>
        <source>Keep:</source>
        <translation>Conservar:</translation>
    </message>
    <message>
        <source>Probability that a cell is kept.</source>
        <translation>Probabilidad de que se conserve una celda.</translation>
    </message>
    <message>
        <source>Estimator:</source>
        <translation>Estimador:</translation>
    </message>
    <message>
        <source>How scores become a map. Ridge needs the fewest masks; raw is the paper's.</source>
        <translation>Cómo las puntuaciones se vuelven un mapa. Ridge necesita menos máscaras; bruto es el de la publicación.</translation>
    </message>
    <message>
        <source>Samples:</source>
        <translation>Muestras:</translation>
    </message>
    <message>
        <source>Number of random on/off patterns of the superpixels or cells.</source>
        <translation>Número de patrones aleatorios de encendido y apagado de los superpíxeles o celdas.</translation>
    </message>
    <message>
        <source>Stop at error:</source>
        <translation>Parar con error:</translation>
    </message>
    <message>
        <source>Stop early once the map's standard error is below this share of its largest value; 0: never.</source>
        <translation>Parar antes cuando el error estándar del mapa esté bajo esta parte de su mayor valor; 0: nunca.</translation>
    </message>
    <message>
        <source>Seed:</source>
        <translation>Semilla:</translation>
    </message>
    <message>
        <source>Same seed, same map.</source>
        <translation>Misma semilla, mismo mapa.</translation>
    </message>
    <message>
        <source>How often the model is run, and how often without a region.</source>
        <translation>Cuántas veces se ejecuta el modelo, y cuántas sin región.</translation>
    </message>
    <message>
        <source>Ima&amp;ges</source>
        <translation>Imá&amp;genes</translation>
    </message>
    <message>
        <source>How the scan is read and shown to the language model.</source>
        <translation>Cómo se lee el estudio y se muestra al modelo de lenguaje.</translation>
    </message>
    <message>
        <source>Modalit&amp;y:</source>
        <translation>Modali&amp;dad:</translation>
    </message>
    <message>
        <source>What kind of scan it is. Automatic: as its DICOM series says, else as its values look, and the result says that it is a guess.</source>
        <translation>Qué clase de estudio es. Automático: como dice su serie DICOM, si no por sus valores, y el resultado dice que es una suposición.</translation>
    </message>
    <message>
        <source>Co&amp;ntrast:</source>
        <translation>Co&amp;ntraste:</translation>
    </message>
    <message>
        <source>How the scan is shown to the vision-language model. Automatic chooses by modality. The display of the scan in the views is not changed.</source>
        <translation>Cómo se muestra el estudio al modelo de visión y lenguaje. Automático elige según la modalidad. La presentación en las vistas no cambia.</translation>
    </message>
    <message>
        <source>Learn from a &amp;segmentation</source>
        <translation>Aprender de una &amp;segmentación</translation>
    </message>
    <message>
        <source>Teach the language model the ticked structures by some slices that you have labelled.</source>
        <translation>Enseñar al modelo de lenguaje las estructuras marcadas con algunos cortes que usted ha anotado.</translation>
    </message>
    <message>
        <source>Segmentatio&amp;n:</source>
        <translation>Segmentació&amp;n:</translation>
    </message>
    <message>
        <source>A segmentation or label map of this scan in which the ticked structures are drawn in some slices; segments are found by terminology or name.</source>
        <translation>Una segmentación o mapa de etiquetas de este estudio en que las estructuras marcadas están trazadas en algunos cortes; los segmentos se encuentran por terminología o nombre.</translation>
    </message>
    <message>
        <source>Choose one</source>
        <translation>Elija una</translation>
    </message>
    <message>
        <source>Slices to lear&amp;n from:</source>
        <translation>Cortes para ap&amp;render:</translation>
    </message>
    <message>
        <source>Labelled slices of each structure to learn from; the others tell how much better it got.</source>
        <translation>Cortes anotados de cada estructura de los que aprender; los demás dicen cuánto ha mejorado.</translation>
    </message>
    <message>
        <source>Lear&amp;n…</source>
        <translation>Apre&amp;nder…</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Elegir dónde se guardan las indicaciones aprendidas, y aprender; se usan enseguida.</translation>
    </message>
    <message>
        <source>How far it is, and what it brought on slices that were not learned from.</source>
        <translation>Cuánto lleva, y qué aportó en cortes de los que no se aprendió.</translation>
    </message>
    <message>
        <source>Lo&amp;g</source>
        <translation>Re&amp;gistro</translation>
    </message>
    <message>
        <source>What the worker and the installer said, for a bug report.</source>
        <translation>Lo que dijeron el proceso de cálculo y el instalador, para un informe de error.</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Everything that the worker and the installer said.</source>
        <translation>Todo lo que dijeron el proceso de cálculo y el instalador.</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>E&amp;xplicar</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progreso</translation>
    </message>
    <message>
        <source>How far the run is, and about how long it still takes.</source>
        <translation>Cuánto lleva la ejecución, y cuánto tardará aún más o menos.</translation>
    </message>
    <message>
        <source>What a run with these settings costs: evaluations of the model, slices and time.</source>
        <translation>Lo que cuesta una ejecución con estos ajustes: evaluaciones del modelo, cortes y tiempo.</translation>
    </message>
    <message>
        <source>What XAICLIP is doing.</source>
        <translation>Lo que está haciendo XAICLIP.</translation>
    </message>
    <message>
        <source>Something needs your attention.</source>
        <translation>Algo requiere su atención.</translation>
    </message>
    <message>
        <source>What is wrong, and what to do.</source>
        <translation>Qué va mal, y qué hacer.</translation>
    </message>
    <message>
        <source>Do what the message proposes.</source>
        <translation>Hacer lo que propone el mensaje.</translation>
    </message>
    <message>
        <source>&amp;Run:</source>
        <translation>E&amp;jecución:</translation>
    </message>
    <message>
        <source>The runs in this scene, the newest first.</source>
        <translation>Las ejecuciones de esta escena, la más nueva primero.</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>&amp;Quitar</translation>
    </message>
    <message>
        <source>Remove this run's volumes, segmentations, table and curves from the scene.</source>
        <translation>Quitar de la escena los volúmenes, segmentaciones, tabla y curvas de esta ejecución.</translation>
    </message>
    <message>
        <source>The answer of the run in one sentence for each structure.</source>
        <translation>La respuesta de la ejecución en una frase por estructura.</translation>
    </message>
    <message>
        <source>&amp;2×2 views</source>
        <translation>Vistas &amp;2×2</translation>
    </message>
    <message>
        <source>Image, region, saliency and prediction side by side, linked; release to get your own layout back.</source>
        <translation>Imagen, región, saliencia y predicción lado a lado, enlazadas; al soltar vuelve su propia disposición.</translation>
    </message>
    <message>
        <source>Show in &amp;3D</source>
        <translation>Ver en &amp;3D</translation>
    </message>
    <message>
        <source>Volume rendering of the saliency with the surface of the predicted organ.</source>
        <translation>Representación volumétrica de la saliencia con la superficie del órgano predicho.</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>In&amp;forme</translation>
    </message>
    <message>
        <source>Open the report of this run in the web browser: what was asked, pictures, numbers, curves and warnings on one page.</source>
        <translation>Abrir el informe de esta ejecución en el navegador: lo que se preguntó, imágenes, números, curvas y avisos en una página.</translation>
    </message>
    <message>
        <source>E&amp;xport to DICOM…</source>
        <translation>Exportar D&amp;ICOM…</translation>
    </message>
    <message>
        <source>Write maps as Parametric Maps, masks as segmentations and pictures as Secondary Captures, for an archive.</source>
        <translation>Escribir los mapas como Parametric Maps, las máscaras como segmentaciones y las imágenes como Secondary Captures, para un archivo clínico.</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Guardar</translation>
    </message>
    <message>
        <source>Save volumes, pictures and report of this run, or the scene.</source>
        <translation>Guardar volúmenes, imágenes e informe de esta ejecución, o la escena.</translation>
    </message>
    <message>
        <source>For research only; not for clinical use.</source>
        <translation>Solo para investigación; no para uso clínico.</translation>
    </message>
    <message>
        <source>XAICLIP is no medical device.</source>
        <translation>XAICLIP no es un producto sanitario.</translation>
    </message>
    <message>
        <source>XAICLIP</source>
        <translation>XAICLIP</translation>
    </message>
    <message>
        <source>Ask a segmentation model why: name a structure, check the region in which it is found, and see which parts of it the model's segmentation depends on. Choose a scan, tick a structure, press Explain.</source>
        <translation>Pregunte a un modelo de segmentación por qué: nombre una estructura, compruebe la región en que se encuentra, y vea de qué partes depende la segmentación del modelo. Elija un estudio, marque una estructura, pulse Explicar.</translation>
    </message>
    <message>
        <source>For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0.</source>
        <translation>Solo para investigación, no para uso clínico. Nada sale de este equipo. Licencia: Apache 2.0.</translation>
    </message>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>La escena se cerró, así que la ejecución se detuvo.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Give one inside it, in RAS mm.</source>
        <translation>Este lugar está fuera del estudio. Dé uno de dentro, en mm RAS.</translation>
    </message>
</context>
<context>
    <name>panel.answers</name>
    <message>
        <source>{answer} (tested: {test}).</source>
        <translation>{answer} (probado: {test}).</translation>
    </message>
    <message>
        <source>{structure}: hiding single places does not change what the model draws</source>
        <translation>{structure}: ocultar lugares sueltos no cambia lo que traza el modelo</translation>
    </message>
    <message>
        <source>{structure}: whether the map says more than where it is cannot be told.</source>
        <translation>{structure}: no se puede saber si el mapa dice más que dónde está.</translation>
    </message>
    <message>
        <source>{structure}: well supported; nothing in the tests spoke against it.</source>
        <translation>{structure}: bien respaldado; nada en las pruebas habló en contra.</translation>
    </message>
    <message>
        <source>{structure}: weakly supported.</source>
        <translation>{structure}: poco respaldado.</translation>
    </message>
    <message>
        <source>{structure}: the map is the organ's shape; it does not say why.</source>
        <translation>{structure}: el mapa es la forma del órgano; no dice por qué.</translation>
    </message>
    <message>
        <source>{structure}: not supported; conclude nothing from this map.</source>
        <translation>{structure}: sin respaldo; no concluya nada de este mapa.</translation>
    </message>
    <message>
        <source>model or words were made for other scans</source>
        <translation>el modelo o las palabras son para otros estudios</translation>
    </message>
    <message>
        <source>there is a doubt about the model or the region</source>
        <translation>hay una duda sobre el modelo o la región</translation>
    </message>
    <message>
        <source>hiding places changes nothing</source>
        <translation>ocultar lugares no cambia nada</translation>
    </message>
    <message>
        <source>values lie beyond what can be</source>
        <translation>hay valores más allá de lo posible</translation>
    </message>
    <message>
        <source>it changes from sample to sample</source>
        <translation>cambia de muestra a muestra</translation>
    </message>
    <message>
        <source>the model answers differently when it is run again</source>
        <translation>el modelo responde otra cosa cuando se repite</translation>
    </message>
    <message>
        <source>the model answers differently beside other images</source>
        <translation>el modelo responde otra cosa junto a otras imágenes</translation>
    </message>
    <message>
        <source>the region misses most of the structure</source>
        <translation>la región omite la mayor parte de la estructura</translation>
    </message>
    <message>
        <source>the model's drawing differs from the reference</source>
        <translation>el trazado del modelo difiere de la referencia</translation>
    </message>
    <message>
        <source>hiding the whole region changes next to nothing</source>
        <translation>ocultar toda la región casi no cambia nada</translation>
    </message>
    <message>
        <source>hiding the whole region changes little</source>
        <translation>ocultar toda la región cambia poco</translation>
    </message>
    <message>
        <source>the largest effect is small</source>
        <translation>el mayor efecto es pequeño</translation>
    </message>
    <message>
        <source>the model was run too few times</source>
        <translation>el modelo se ejecutó muy pocas veces</translation>
    </message>
    <message>
        <source>not all tests were made</source>
        <translation>no se hicieron todas las pruebas</translation>
    </message>
    <message>
        <source>places rank hardly better than by chance</source>
        <translation>los lugares se ordenan apenas mejor que al azar</translation>
    </message>
    <message>
        <source>random places do as well</source>
        <translation>lugares al azar hacen lo mismo</translation>
    </message>
    <message>
        <source>the region alone does as well</source>
        <translation>la región sola hace lo mismo</translation>
    </message>
    <message>
        <source>it looks like the map of a model that only loses what is hidden</source>
        <translation>parece el mapa de un modelo que solo pierde lo que se oculta</translation>
    </message>
    <message>
        <source>the outline of the organ does as well</source>
        <translation>el contorno del órgano hace lo mismo</translation>
    </message>
    <message>
        <source>an untrained model gives the same map</source>
        <translation>un modelo sin entrenar da el mismo mapa</translation>
    </message>
    <message>
        <source>a place outside the region matters too</source>
        <translation>también importa un lugar fuera de la región</translation>
    </message>
    <message>
        <source>it may be about what places are hidden with</source>
        <translation>puede deberse a con qué se ocultan los lugares</translation>
    </message>
    <message>
        <source>it does not hold when places are hidden otherwise</source>
        <translation>no se mantiene si los lugares se ocultan de otro modo</translation>
    </message>
    <message>
        <source>it changes with what places are hidden with</source>
        <translation>cambia según con qué se ocultan los lugares</translation>
    </message>
    <message>
        <source>it changes with the random start</source>
        <translation>cambia con la semilla aleatoria</translation>
    </message>
    <message>
        <source>Tested on the whole volume.</source>
        <translation>Probado en todo el volumen.</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>bien respaldado</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>poco respaldado</translation>
    </message>
    <message>
        <source>the organ's shape</source>
        <translation>la forma del órgano</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>sin respaldo</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>sin probar</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most takes what the model draws from {before} to {after}</source>
        <translation>{structure}: ocultar el lugar que más importa lleva lo que traza el modelo de {before} a {after}</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most, in slice {slice}, takes what the model draws from {before} to {after}</source>
        <translation>{structure}: ocultar el lugar que más importa, en el corte {slice}, lleva lo que traza el modelo de {before} a {after}</translation>
    </message>
    <message>
        <source>{structure}: overlap with the reference {dice} (Dice; 1 is all of it).</source>
        <translation>{structure}: solapamiento con la referencia {dice} (Dice; 1 es todo).</translation>
    </message>
    <message>
        <source>{structure}: the map shows where it is, not why the model draws it.</source>
        <translation>{structure}: el mapa muestra dónde está, no por qué el modelo la traza.</translation>
    </message>
    <message>
        <source>{structure}: the map says more than where it is.</source>
        <translation>{structure}: el mapa dice más que dónde está.</translation>
    </message>
    <message>
        <source>one of the tests</source>
        <translation>una de las pruebas</translation>
    </message>
    <message>
        <source>{structure}: rank correlation {value} with a map that needs no model.</source>
        <translation>{structure}: correlación de rangos {value} con un mapa que no necesita modelo.</translation>
    </message>
    <message>
        <source>{structure}: {verdict} ({reasons}).</source>
        <translation>{structure}: {verdict} ({reasons}).</translation>
    </message>
    <message>
        <source>{structure}: not tested.</source>
        <translation>{structure}: sin probar.</translation>
    </message>
    <message>
        <source>What speaks against it: {reasons}.</source>
        <translation>Lo que habla en contra: {reasons}.</translation>
    </message>
    <message>
        <source>Tested in slice {slice}.</source>
        <translation>Probado en el corte {slice}.</translation>
    </message>
    <message>
        <source>Tested in slices {slices}.</source>
        <translation>Probado en los cortes {slices}.</translation>
    </message>
    <message>
        <source>{count} more structures: see Report.</source>
        <translation>{count} estructuras más: véase el informe.</translation>
    </message>
    <message>
        <source>{words} (slice {slice})</source>
        <translation>{words} (corte {slice})</translation>
    </message>
</context>
<context>
    <name>panel.choices</name>
    <message>
        <source>The one in the axial view</source>
        <translation>El de la vista axial</translation>
    </message>
    <message>
        <source>A range</source>
        <translation>Un intervalo</translation>
    </message>
    <message>
        <source>All that show the structure</source>
        <translation>Todos los que muestran la estructura</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>CT</source>
        <translation>TC</translation>
    </message>
    <message>
        <source>MR</source>
        <translation>RM</translation>
    </message>
    <message>
        <source>PET</source>
        <translation>PET</translation>
    </message>
    <message>
        <source>Ultrasound</source>
        <translation>Ecografía</translation>
    </message>
    <message>
        <source>Nuclear medicine</source>
        <translation>Medicina nuclear</translation>
    </message>
    <message>
        <source>Computed radiography</source>
        <translation>Radiografía computarizada</translation>
    </message>
    <message>
        <source>Digital radiography</source>
        <translation>Radiografía digital</translation>
    </message>
    <message>
        <source>Mammography</source>
        <translation>Mamografía</translation>
    </message>
    <message>
        <source>Angiography</source>
        <translation>Angiografía</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Otra</translation>
    </message>
    <message>
        <source>Automatic, by modality</source>
        <translation>Automático, según la modalidad</translation>
    </message>
    <message>
        <source>CT soft tissue</source>
        <translation>TC partes blandas</translation>
    </message>
    <message>
        <source>CT liver</source>
        <translation>TC hígado</translation>
    </message>
    <message>
        <source>CT lung</source>
        <translation>TC pulmón</translation>
    </message>
    <message>
        <source>CT bone</source>
        <translation>TC hueso</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>Como en la publicación</translation>
    </message>
    <message>
        <source>Where the words are found</source>
        <translation>Donde se encuentran las palabras</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>La predicción del propio modelo</translation>
    </message>
    <message>
        <source>A segment</source>
        <translation>Un segmento</translation>
    </message>
    <message>
        <source>A box</source>
        <translation>Una caja</translation>
    </message>
    <message>
        <source>The whole slice</source>
        <translation>Todo el corte</translation>
    </message>
    <message>
        <source>Automatic, by model</source>
        <translation>Automático, según el modelo</translation>
    </message>
    <message>
        <source>Patch tokens</source>
        <translation>Tokens de parche</translation>
    </message>
    <message>
        <source>Sliding windows (slow)</source>
        <translation>Ventanas deslizantes (lento)</translation>
    </message>
    <message>
        <source>Bundled U-Net (CT of the abdomen)</source>
        <translation>U-Net incluida (TC de abdomen)</translation>
    </message>
    <message>
        <source>A segment in the scene</source>
        <translation>Un segmento de la escena</translation>
    </message>
    <message>
        <source>A model on this machine</source>
        <translation>Un modelo de este equipo</translation>
    </message>
    <message>
        <source>My own model</source>
        <translation>Mi propio modelo</translation>
    </message>
    <message>
        <source>Automatic, by the file</source>
        <translation>Automático, según el archivo</translation>
    </message>
    <message>
        <source>Segment Anything (SAM)</source>
        <translation>Segment Anything (SAM)</translation>
    </message>
    <message>
        <source>MONAI bundle</source>
        <translation>Bundle de MONAI</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>Oclusión</translation>
    </message>
    <message>
        <source>Occlusion, coarse to fine</source>
        <translation>Oclusión, de grueso a fino</translation>
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
        <translation>Atribución HSIC</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vista previa</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Equilibrada</translation>
    </message>
    <message>
        <source>Full, as in the paper</source>
        <translation>Completa, como la publicación</translation>
    </message>
    <message>
        <source>My own settings</source>
        <translation>Mis propios ajustes</translation>
    </message>
    <message>
        <source>Zero, as in the paper</source>
        <translation>Cero, como la publicación</translation>
    </message>
    <message>
        <source>Mean of the slice</source>
        <translation>Media del corte</translation>
    </message>
    <message>
        <source>Mean of the surroundings</source>
        <translation>Media del entorno</translation>
    </message>
    <message>
        <source>Blurred image</source>
        <translation>Imagen desenfocada</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Ruido</translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation>Inpainting</translation>
    </message>
    <message>
        <source>Air (CT)</source>
        <translation>Aire (TC)</translation>
    </message>
    <message>
        <source>Fat (CT)</source>
        <translation>Grasa (TC)</translation>
    </message>
    <message>
        <source>Water (CT)</source>
        <translation>Agua (TC)</translation>
    </message>
    <message>
        <source>Soft tissue (CT)</source>
        <translation>Partes blandas (TC)</translation>
    </message>
    <message>
        <source>Dice, as in the paper</source>
        <translation>Dice, como la publicación</translation>
    </message>
    <message>
        <source>Soft Dice</source>
        <translation>Dice suave</translation>
    </message>
    <message>
        <source>Confidence of the model</source>
        <translation>Confianza del modelo</translation>
    </message>
    <message>
        <source>Raw, as in the paper</source>
        <translation>Bruto, como la publicación</translation>
    </message>
    <message>
        <source>Centered</source>
        <translation>Centrado</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>Regresión ridge</translation>
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
        <translation>Jet, como la publicación</translation>
    </message>
</context>
<context>
    <name>panel.numbers</name>
    <message>
        <source>Slice</source>
        <translation>Corte</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>Estructura</translation>
    </message>
    <message>
        <source>Largest drop</source>
        <translation>Mayor caída</translation>
    </message>
    <message>
        <source>Still drawn where hidden</source>
        <translation>Aún trazado donde se oculta</translation>
    </message>
    <message>
        <source>Rest lost by one place</source>
        <translation>Resto perdido por un lugar</translation>
    </message>
    <message>
        <source>Score before</source>
        <translation>Puntuación previa</translation>
    </message>
    <message>
        <source>Dice with reference</source>
        <translation>Dice con la referencia</translation>
    </message>
    <message>
        <source>Surface distance (mm)</source>
        <translation>Distancia de superficie (mm)</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>Veredicto</translation>
    </message>
    <message>
        <source>Model runs</source>
        <translation>Ejecuciones del modelo</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>Tiempo (s)</translation>
    </message>
    <message>
        <source>Slice of largest drop</source>
        <translation>Corte de la mayor caída</translation>
    </message>
    <message>
        <source>Smallest drop</source>
        <translation>Menor caída</translation>
    </message>
    <message>
        <source>Region, of the slice</source>
        <translation>Región, parte del corte</translation>
    </message>
    <message>
        <source>Organ inside the region</source>
        <translation>Órgano dentro de la región</translation>
    </message>
    <message>
        <source>Drawn area (mm²)</source>
        <translation>Área trazada (mm²)</translation>
    </message>
    <message>
        <source>Likeness to the shape</source>
        <translation>Parecido con la forma</translation>
    </message>
    <message>
        <source>Matters outside</source>
        <translation>Importa fuera</translation>
    </message>
    <message>
        <source>Region from</source>
        <translation>Región de</translation>
    </message>
    <message>
        <source>Runs, of a whole slice</source>
        <translation>Ejecuciones, de un corte entero</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
</context>
<context>
    <name>panel.panel</name>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>La escena se cerró, así que la ejecución se detuvo.</translation>
    </message>
</context>
<context>
    <name>panel.question</name>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Elija el archivo o la carpeta del modelo.</translation>
    </message>
    <message>
        <source>The model does not segment {names}; untick it, or choose another model.</source>
        <translation>El modelo no segmenta {names}; desmárquelo, o elija otro modelo.</translation>
    </message>
</context>
<context>
    <name>panel.questions</name>
    <message>
        <source>{structure}: what does all that is drawn depend on?</source>
        <translation>{structure}: ¿de qué depende todo lo trazado?</translation>
    </message>
    <message>
        <source>{structure}: what does its boundary depend on?</source>
        <translation>{structure}: ¿de qué depende su borde?</translation>
    </message>
    <message>
        <source>{structure}: what holds the missing part back?</source>
        <translation>{structure}: ¿qué retiene la parte que falta?</translation>
    </message>
    <message>
        <source>{structure}: why is a part drawn outside the reference?</source>
        <translation>{structure}: ¿por qué se traza una parte fuera de la referencia?</translation>
    </message>
    <message>
        <source>Between organs: which one needs which?</source>
        <translation>Entre órganos: ¿cuál necesita cuál?</translation>
    </message>
    <message>
        <source>{structure}: why is island {number} drawn?</source>
        <translation>{structure}: ¿por qué se traza la isla {number}?</translation>
    </message>
</context>
<context>
    <name>panel.selftest</name>
    <message>
        <source>All tests passed</source>
        <translation>Todas las pruebas superadas</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>E&amp;xplicar</translation>
    </message>
    <message>
        <source>Python packages are missing: the worker is not tested</source>
        <translation>Faltan paquetes de Python: el proceso de cálculo no se prueba</translation>
    </message>
    <message>
        <source>Python packages are missing: the panel is not tested</source>
        <translation>Faltan paquetes de Python: el panel no se prueba</translation>
    </message>
</context>
<context>
    <name>scene.answers</name>
    <message>
        <source>Lost of what is asked
about, hidden here</source>
        <translation>Pérdida de lo que se
pregunta, oculto aquí</translation>
    </message>
    <message>
        <source>Lost when the
place is hidden</source>
        <translation>Pérdida cuando el
lugar se oculta</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>respuesta</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more, so that nothing can be shown on it.</source>
        <translation>El estudio de esta ejecución ya no está en la escena, así que no se puede mostrar nada en él.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Un resultado no está dentro del estudio; ¿se cambió el estudio entretanto? Explique de nuevo.</translation>
    </message>
</context>
<context>
    <name>scene.between</name>
    <message>
        <source>hidden</source>
        <translation>oculto</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>Entre órganos</translation>
    </message>
    <message>
        <source>What each structure loses when another is hidden</source>
        <translation>Lo que pierde cada estructura cuando se oculta otra</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>Oculto</translation>
    </message>
    <message>
        <source>Share that is lost</source>
        <translation>Parte que se pierde</translation>
    </message>
    <message>
        <source>loss of the {structure}</source>
        <translation>pérdida: {structure}</translation>
    </message>
</context>
<context>
    <name>scene.colours</name>
    <message>
        <source>signed</source>
        <translation>con signo</translation>
    </message>
</context>
<context>
    <name>scene.curves</name>
    <message>
        <source>Share of the region</source>
        <translation>Parte de la región</translation>
    </message>
    <message>
        <source>Deletion</source>
        <translation>Borrado</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>Inserción</translation>
    </message>
    <message>
        <source>Random order</source>
        <translation>Orden aleatorio</translation>
    </message>
    <message>
        <source>Deletion, bare region</source>
        <translation>Borrado, solo la región</translation>
    </message>
    <message>
        <source>Insertion, bare region</source>
        <translation>Inserción, solo la región</translation>
    </message>
    <message>
        <source>Deletion, organ's shape</source>
        <translation>Borrado, forma del órgano</translation>
    </message>
    <message>
        <source>Insertion, organ's shape</source>
        <translation>Inserción, forma del órgano</translation>
    </message>
    <message>
        <source>Share of the region taken away or put back</source>
        <translation>Parte de la región quitada o devuelta</translation>
    </message>
    <message>
        <source>{structure}, filled with {fill}</source>
        <translation>{structure}, relleno con {fill}</translation>
    </message>
    <message>
        <source>, slice {slice}</source>
        <translation>, corte {slice}</translation>
    </message>
</context>
<context>
    <name>scene.labels</name>
    <message>
        <source>{one} and {other} overlap in {node}. Tick only one of them.</source>
        <translation>{one} y {other} se solapan en {node}. Marque solo una.</translation>
    </message>
    <message>
        <source>{node} has no segment called {structure}; it has {names}. Rename the segment, or untick {structure}.</source>
        <translation>{node} no tiene un segmento llamado {structure}; tiene {names}. Cambie el nombre del segmento, o desmarque {structure}.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>ninguno</translation>
    </message>
</context>
<context>
    <name>scene.layout</name>
    <message>
        <source>Image</source>
        <translation>Imagen</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Región</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Saliencia</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Predicción</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Curvas</translation>
    </message>
</context>
<context>
    <name>scene.legends</name>
    <message>
        <source>Drop of Dice</source>
        <translation>Caída del Dice</translation>
    </message>
    <message>
        <source>Drop of soft Dice</source>
        <translation>Caída del Dice suave</translation>
    </message>
    <message>
        <source>Drop of confidence</source>
        <translation>Caída de la confianza</translation>
    </message>
    <message>
        <source>Mean score</source>
        <translation>Puntuación media</translation>
    </message>
    <message>
        <source>Score drop</source>
        <translation>Caída de la puntuación</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>Saliencia</translation>
    </message>
    <message>
        <source>Share of the rest lost</source>
        <translation>Parte perdida del resto</translation>
    </message>
    <message>
        <source>Share of the rest of
the {structure} lost</source>
        <translation>Parte perdida del resto,
{structure}</translation>
    </message>
    <message>
        <source>1: the largest of each</source>
        <translation>1: el mayor de cada uno</translation>
    </message>
    <message>
        <source>1 stands for {largest}</source>
        <translation>1 equivale a {largest}</translation>
    </message>
</context>
<context>
    <name>scene.nodes</name>
    <message>
        <source>region</source>
        <translation>región</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Región</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>predicción</translation>
    </message>
    <message>
        <source>provenance</source>
        <translation>procedencia</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>saliencia</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>medidas</translation>
    </message>
    <message>
        <source>drop {label}, {image} alone</source>
        <translation>caída {label}, solo {image}</translation>
    </message>
    <message>
        <source>drop {label}</source>
        <translation>caída {label}</translation>
    </message>
</context>
<context>
    <name>scene.pair</name>
    <message>
        <source>difference</source>
        <translation>diferencia</translation>
    </message>
    <message>
        <source>Second minus first</source>
        <translation>Segundo menos primero</translation>
    </message>
    <message>
        <source>2 minus 1</source>
        <translation>2 menos 1</translation>
    </message>
    <message>
        <source>Predictions: 1 outlined, 2 filled</source>
        <translation>Predicciones: 1 en contorno, 2 rellena</translation>
    </message>
    <message>
        <source>These are one run. Choose another one to put beside it.</source>
        <translation>Es una misma ejecución. Elija otra para ponerla al lado.</translation>
    </message>
    <message>
        <source>These two runs share no structure. Choose two runs on the same one.</source>
        <translation>Estas dos ejecuciones no comparten ninguna estructura. Elija dos ejecuciones sobre la misma.</translation>
    </message>
    <message>
        <source>a scan that is gone</source>
        <translation>un estudio que ya no está</translation>
    </message>
    <message>
        <source>Share of its own
largest value</source>
        <translation>Parte de su propio
mayor valor</translation>
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
        <translation>Son ejecuciones sobre estudios distintos ({first}, {second}). Elija dos ejecuciones sobre un estudio.</translation>
    </message>
</context>
<context>
    <name>scene.preview</name>
    <message>
        <source>No slice was looked at. Choose slices that lie inside the scan.</source>
        <translation>No se miró ningún corte. Elija cortes dentro del estudio.</translation>
    </message>
    <message>
        <source>Likeness to the words</source>
        <translation>Parecido con las palabras</translation>
    </message>
    <message>
        <source>Region preview</source>
        <translation>Vista previa de la región</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>Región</translation>
    </message>
    <message>
        <source>Similarity preview</source>
        <translation>Vista previa de la similitud</translation>
    </message>
</context>
<context>
    <name>scene.results</name>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>El resultado no está en la rejilla del estudio; ¿se cambió el estudio entretanto? Explique de nuevo.</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>Un resultado no está dentro del estudio; ¿se cambió el estudio entretanto? Explique de nuevo.</translation>
    </message>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile?</source>
        <translation>El resultado no está en la rejilla del estudio; ¿se cambió el estudio entretanto?</translation>
    </message>
    <message>
        <source>{folder} is incomplete ({reason}). Explain again.</source>
        <translation>{folder} está incompleta ({reason}). Explique de nuevo.</translation>
    </message>
</context>
<context>
    <name>scene.sampledata</name>
    <message>
        <source>Explaining segmentation models (XAICLIP)</source>
        <translation>Explicar modelos de segmentación (XAICLIP)</translation>
    </message>
</context>
<context>
    <name>scene.saving</name>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>La base DICOM de Slicer no está abierta; abra una vez el módulo DICOM, o guarde en una carpeta.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database did not take the objects; save them to a folder instead.</source>
        <translation>La base DICOM de Slicer no aceptó los objetos; guárdelos en una carpeta.</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} no se escribió</translation>
    </message>
</context>
<context>
    <name>scene.volumes</name>
    <message>
        <source>No scan is chosen. Load a CT or MR volume and choose it as the scan.</source>
        <translation>No hay estudio elegido. Cargue un volumen de TC o RM y elíjalo como estudio.</translation>
    </message>
    <message>
        <source>No segment is chosen as the region. Choose a segmentation and a segment.</source>
        <translation>No hay segmento elegido como región. Elija una segmentación y un segmento.</translation>
    </message>
    <message>
        <source>The region box is not placed yet. Place a markups ROI around the region.</source>
        <translation>La caja de la región aún no está colocada. Coloque una ROI de Markups alrededor de la región.</translation>
    </message>
    <message>
        <source>No point is placed yet. Place a markups point inside the structure.</source>
        <translation>Aún no hay ningún punto colocado. Coloque un punto de Markups dentro de la estructura.</translation>
    </message>
    <message>
        <source>{name} is no scan (it is a {kind}). Choose a CT or MR volume.</source>
        <translation>{name} no es un estudio (es: {kind}). Elija un volumen de TC o RM.</translation>
    </message>
    <message>
        <source>{name} is empty: it has no voxels. Choose another scan or load it again.</source>
        <translation>{name} está vacío: no tiene vóxeles. Elija otro estudio o cárguelo de nuevo.</translation>
    </message>
    <message>
        <source>{name} has {count} values per voxel (a colour, vector or time series). Extract one channel or time point as a scalar volume and choose that.</source>
        <translation>{name} tiene {count} valores por vóxel (color, vector o serie temporal). Extraiga un canal o un instante como volumen escalar y elíjalo.</translation>
    </message>
    <message>
        <source>{name} is under a non-linear transform ({transform}). Harden the transform on a copy of the scan (Transforms module), or take the scan out of it.</source>
        <translation>{name} está bajo una transformación no lineal ({transform}). Aplique la transformación de forma permanente a una copia del estudio (módulo Transforms), o saque el estudio de ella.</translation>
    </message>
    <message>
        <source>{name} has axes that are not at right angles. Resample it (Resample Scalar Volume) first.</source>
        <translation>{name} tiene ejes que no están en ángulo recto. Remuestréelo primero (Resample Scalar Volume).</translation>
    </message>
    <message>
        <source>{path} could not be written. Free some disk space, or set another temporary folder in the settings.</source>
        <translation>{path} no se pudo escribir. Libere espacio en disco, o ponga otra carpeta temporal en los ajustes.</translation>
    </message>
    <message>
        <source>The segment {segment} is empty inside {scan}. Paint it in the Segment Editor or choose another region.</source>
        <translation>El segmento {segment} está vacío dentro de {scan}. Píntelo en Segment Editor o elija otra región.</translation>
    </message>
    <message>
        <source>{path} could not be read. Explain again.</source>
        <translation>{path} no se pudo leer. Explique de nuevo.</translation>
    </message>
</context>
<context>
    <name>scene.words</name>
    <message>
        <source>occlusion</source>
        <translation>oclusión</translation>
    </message>
    <message>
        <source>hierarchical</source>
        <translation>jerárquico</translation>
    </message>
</context>
<context>
    <name>sections.advanced</name>
    <message>
        <source>Everything else is set as recommended.</source>
        <translation>Todo lo demás está ajustado como se recomienda.</translation>
    </message>
    <message>
        <source>kind of model: {value}</source>
        <translation>tipo de modelo: {value}</translation>
    </message>
    <message>
        <source>method: {value}</source>
        <translation>método: {value}</translation>
    </message>
    <message>
        <source>quality: {value}</source>
        <translation>calidad: {value}</translation>
    </message>
    <message>
        <source>fill: {value}</source>
        <translation>relleno: {value}</translation>
    </message>
    <message>
        <source>measure: {value}</source>
        <translation>medida: {value}</translation>
    </message>
    <message>
        <source>modality: {value}</source>
        <translation>modalidad: {value}</translation>
    </message>
    <message>
        <source>contrast: {value}</source>
        <translation>contraste: {value}</translation>
    </message>
    <message>
        <source>each organ is hidden, too</source>
        <translation>también se oculta cada órgano</translation>
    </message>
    <message>
        <source>learned words</source>
        <translation>palabras aprendidas</translation>
    </message>
    <message>
        <source>Differs from what is recommended: {changes}.</source>
        <translation>Difiere de lo recomendado: {changes}.</translation>
    </message>
    <message>
        <source>reference: {value}</source>
        <translation>referencia: {value}</translation>
    </message>
    <message>
        <source>computed on: {value}</source>
        <translation>calculado en: {value}</translation>
    </message>
    <message>
        <source>seed: {value}</source>
        <translation>semilla: {value}</translation>
    </message>
    <message>
        <source>region: {value}</source>
        <translation>región: {value}</translation>
    </message>
    <message>
        <source>margin: {value} mm</source>
        <translation>margen: {value} mm</translation>
    </message>
    <message>
        <source>language model: {value}</source>
        <translation>modelo de lenguaje: {value}</translation>
    </message>
    <message>
        <source>comparison: {value}</source>
        <translation>comparación: {value}</translation>
    </message>
    <message>
        <source>threshold: {value}</source>
        <translation>umbral: {value}</translation>
    </message>
    <message>
        <source>smoothing: {value} px</source>
        <translation>suavizado: {value} px</translation>
    </message>
</context>
<context>
    <name>sections.answer</name>
    <message>
        <source>A&amp;nswer</source>
        <translation>Res&amp;puesta</translation>
    </message>
    <message>
        <source>What the run says, how it was tested, and the numbers.</source>
        <translation>Lo que dice la ejecución, cómo se probó, y los números.</translation>
    </message>
</context>
<context>
    <name>sections.ask</name>
    <message>
        <source>As&amp;k</source>
        <translation>Pregu&amp;ntar</translation>
    </message>
    <message>
        <source>Ask about any place: why it is drawn, and what hangs on it. No model is run.</source>
        <translation>Preguntar por cualquier lugar: por qué se traza, y qué depende de él. No se ejecuta ningún modelo.</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view.</source>
        <translation>Mueva el ratón sobre una vista de corte.</translation>
    </message>
    <message>
        <source>Rows were hidden, columns show what share of each structure was lost.</source>
        <translation>Las filas se ocultaron, las columnas muestran qué parte de cada estructura se perdió.</translation>
    </message>
    <message>
        <source>Why is this drawn here?</source>
        <translation>¿Por qué se traza esto aquí?</translation>
    </message>
    <message>
        <source>What hangs on this place?</source>
        <translation>¿Qué depende de este lugar?</translation>
    </message>
    <message>
        <source>What is drawn there</source>
        <translation>Lo que se traza allí</translation>
    </message>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Aún no hay ninguna ejecución. Pulse primero Explicar.</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Move the mouse over the patient.</source>
        <translation>Este lugar está fuera del estudio. Mueva el ratón sobre el paciente.</translation>
    </message>
    <message>
        <source>A run is under way. Ask again when it has ended.</source>
        <translation>Hay una ejecución en curso. Pregunte de nuevo cuando termine.</translation>
    </message>
    <message>
        <source>Choose a question…</source>
        <translation>Elija una pregunta…</translation>
    </message>
</context>
<context>
    <name>sections.compare</name>
    <message>
        <source>C&amp;ompare</source>
        <translation>&amp;Comparar</translation>
    </message>
    <message>
        <source>Two runs on one scan side by side, with the difference of their maps.</source>
        <translation>Dos ejecuciones sobre un estudio lado a lado, con la diferencia de sus mapas.</translation>
    </message>
    <message>
        <source>method</source>
        <translation>método</translation>
    </message>
    <message>
        <source>model</source>
        <translation>modelo</translation>
    </message>
    <message>
        <source>region</source>
        <translation>región</translation>
    </message>
    <message>
        <source>margin (mm)</source>
        <translation>margen (mm)</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>relleno</translation>
    </message>
    <message>
        <source>patch</source>
        <translation>parche</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>paso</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>máscaras</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>muestras</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>rejilla</translation>
    </message>
    <message>
        <source>score</source>
        <translation>puntuación</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>cortes</translation>
    </message>
    <message>
        <source>structures</source>
        <translation>estructuras</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>referencia</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>umbral</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>semilla</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>modalidad</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>contraste</translation>
    </message>
    <message>
        <source>There is no other run on this scan. Explain once more, with another setting.</source>
        <translation>No hay otra ejecución sobre este estudio. Explique otra vez, con otro ajuste.</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Comparando…</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>sin ajustar</translation>
    </message>
    <message>
        <source>{name}: {first} in 1, {second} in 2</source>
        <translation>{name}: {first} en 1, {second} en 2</translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation>En nada.</translation>
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
        <translation>Curvas de borrado e inserción bajo las vistas: la puntuación mientras se quita la región, o se devuelve, en el orden del mapa. Al soltar vuelve su propia disposición.</translation>
    </message>
    <message>
        <source>This run was stopped before its map was tested, so that there are no curves.</source>
        <translation>Esta ejecución se detuvo antes de probar su mapa, así que no hay curvas.</translation>
    </message>
</context>
<context>
    <name>sections.display</name>
    <message>
        <source>What supports the model's drawing</source>
        <translation>Lo que apoya el trazado del modelo</translation>
    </message>
    <message>
        <source>Displa&amp;y</source>
        <translation>Pre&amp;sentación</translation>
    </message>
    <message>
        <source>Which map is shown, in which colors, and from which value on.</source>
        <translation>Qué mapa se muestra, en qué colores y desde qué valor.</translation>
    </message>
    <message>
        <source>Signed drop of the score: {structure}</source>
        <translation>Caída de la puntuación con signo: {structure}</translation>
    </message>
    <message>
        <source>What the rest of the structure depends on</source>
        <translation>De qué depende el resto de la estructura</translation>
    </message>
    <message>
        <source>What each structure depends on</source>
        <translation>De qué depende cada estructura</translation>
    </message>
    <message>
        <source>below a drop of {drop}; one scale for all slices</source>
        <translation>bajo una caída de {drop}; una escala para todos los cortes</translation>
    </message>
    <message>
        <source>below {share} of each slice's largest value: slices can't be compared</source>
        <translation>bajo {share} del mayor valor de cada corte: los cortes no se pueden comparar</translation>
    </message>
    <message>
        <source>below a loss of {loss} of the rest; one scale for all slices</source>
        <translation>bajo una pérdida de {loss} del resto; una escala para todos los cortes</translation>
    </message>
</context>
<context>
    <name>sections.editing</name>
    <message>
        <source>Finding the region in all chosen slices…</source>
        <translation>Buscando la región en todos los cortes elegidos…</translation>
    </message>
    <message>
        <source>The region is a segment now; edit it in the Segment Editor, then come back and press Explain.</source>
        <translation>La región es ahora un segmento; edítelo en Segment Editor, vuelva después y pulse Explicar.</translation>
    </message>
    <message>
        <source>Region in {scan}</source>
        <translation>Región en {scan}</translation>
    </message>
</context>
<context>
    <name>sections.explain</name>
    <message>
        <source>Explain {structures} in {scan}, {method}</source>
        <translation>Explicar {structures} en {scan}, {method}</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
    <message>
        <source>{share} %, about {time} left</source>
        <translation>{share} %, quedan unos {time}</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
    <message>
        <source>Stop after the current batch; the slices that are finished are kept.</source>
        <translation>Parar tras el lote actual; los cortes terminados se conservan.</translation>
    </message>
    <message>
        <source>This model needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>Este modelo necesita paquetes de Python que aún no están instalados: {names} (unos {size} MB de descarga).</translation>
    </message>
    <message>
        <source>XAICLIP needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>XAICLIP necesita paquetes de Python que aún no están instalados: {names} (unos {size} MB de descarga).</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>Instalar</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>Instalando…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Iniciando…</translation>
    </message>
    <message>
        <source>Starting the worker; this takes a few seconds…</source>
        <translation>Iniciando el proceso de cálculo; tarda unos segundos…</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>Parando tras el lote actual…</translation>
    </message>
    <message>
        <source>Stopped after {time}; the slices that were finished are kept.</source>
        <translation>Parado tras {time}; los cortes terminados se conservan.</translation>
    </message>
    <message>
        <source>Done in {time}.</source>
        <translation>Listo en {time}.</translation>
    </message>
    <message>
        <source>Canc&amp;el</source>
        <translation>Can&amp;celar</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>E&amp;xplicar</translation>
    </message>
    <message>
        <source>Stop the installation.</source>
        <translation>Parar la instalación.</translation>
    </message>
    <message>
        <source>The packages are installed.</source>
        <translation>Los paquetes están instalados.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Reintentar</translation>
    </message>
    <message>
        <source>Explain why the model segments the structures as it does.</source>
        <translation>Explicar por qué el modelo segmenta así las estructuras.</translation>
    </message>
    <message>
        <source>{text}…</source>
        <translation>{text}…</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Explicar de todos modos</translation>
    </message>
</context>
<context>
    <name>sections.images</name>
    <message>
        <source>The model takes {count} images and the panel gives {most}; use the console or the command line.</source>
        <translation>El modelo toma {count} imágenes y el panel da como mucho {most}; use la consola o la línea de comandos.</translation>
    </message>
    <message>
        <source>Choose the image {name}; the volume is the model's {first}.</source>
        <translation>Elija la imagen {name}; el volumen es {first} del modelo.</translation>
    </message>
</context>
<context>
    <name>sections.installed</name>
    <message>
        <source>Looking…</source>
        <translation>Buscando…</translation>
    </message>
    <message>
        <source>Segments {names}</source>
        <translation>Segmenta {names}</translation>
    </message>
    <message>
        <source>No program has left a model here</source>
        <translation>Ningún programa ha dejado un modelo aquí</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Elegir un modelo</translation>
    </message>
    <message>
        <source>The models that other programs have left on this machine.</source>
        <translation>Los modelos que otros programas han dejado en este equipo.</translation>
    </message>
    <message>
        <source>{model} can't be explained: {reason}.</source>
        <translation>{model} no se puede explicar: {reason}.</translation>
    </message>
</context>
<context>
    <name>sections.languagemodel</name>
    <message>
        <source>on this computer</source>
        <translation>en este equipo</translation>
    </message>
    <message>
        <source>not on this computer yet</source>
        <translation>aún no en este equipo</translation>
    </message>
    <message>
        <source>Wait until the language model is downloaded.</source>
        <translation>Espere a que se descargue el modelo de lenguaje.</translation>
    </message>
    <message>
        <source>Download the language model first, or choose the bundled one.</source>
        <translation>Descargue primero el modelo de lenguaje, o elija el incluido.</translation>
    </message>
    <message>
        <source>Downloading…</source>
        <translation>Descargando…</translation>
    </message>
    <message>
        <source>{title}. Licence: {licence}; {place}.</source>
        <translation>{title}. Licencia: {licence}; {place}.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Stop the download; nothing of it is kept.</source>
        <translation>Parar la descarga; no se conserva nada de ella.</translation>
    </message>
    <message>
        <source>see its source</source>
        <translation>véase su origen</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>Descargar</translation>
    </message>
    <message>
        <source>{name} is not on this computer. Download fetches it from {source}; or choose another one.</source>
        <translation>{name} no está en este equipo. Descargar lo trae de {source}; o elija otro.</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {total} MB</source>
        <translation>Descargando {name}: {done} de {total} MB</translation>
    </message>
    <message>
        <source>Download it once from {source}; it is kept in {folder}. Nothing is uploaded.</source>
        <translation>Descargarlo una vez de {source}; se guarda en {folder}. No se envía nada.</translation>
    </message>
    <message>
        <source>Download {size} MB</source>
        <translation>Descargar {size} MB</translation>
    </message>
</context>
<context>
    <name>sections.learning</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Marque al menos una estructura.</translation>
    </message>
    <message>
        <source>Choose the segmentation to learn from.</source>
        <translation>Elija la segmentación de la que aprender.</translation>
    </message>
    <message>
        <source>Keep the learned prompts in</source>
        <translation>Guardar las indicaciones aprendidas en</translation>
    </message>
    <message>
        <source>Learned prompts (*.safetensors)</source>
        <translation>Indicaciones aprendidas (*.safetensors)</translation>
    </message>
    <message>
        <source>Learning; this takes some minutes…</source>
        <translation>Aprendiendo; tarda unos minutos…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Learn…</source>
        <translation>Aprender…</translation>
    </message>
    <message>
        <source>Stop learning; nothing is written.</source>
        <translation>Parar de aprender; no se escribe nada.</translation>
    </message>
    <message>
        <source>Stopped; nothing was learned.</source>
        <translation>Parado; no se aprendió nada.</translation>
    </message>
    <message>
        <source>learning</source>
        <translation>aprendizaje</translation>
    </message>
    <message>
        <source>{name}: Dice of the region {before} by words, {after} learned, on {count} other slices</source>
        <translation>{name}: Dice de la región {before} con palabras, {after} aprendido, en otros {count} cortes</translation>
    </message>
    <message>
        <source>In use from {file}.</source>
        <translation>En uso desde {file}.</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>Elegir dónde se guardan las indicaciones aprendidas, y aprender; se usan enseguida.</translation>
    </message>
    <message>
        <source>{what}, {share} %…</source>
        <translation>{what}, {share} %…</translation>
    </message>
    <message>
        <source>{name}: learned; no other labelled slice is left to measure on</source>
        <translation>{name}: aprendido; no queda ningún otro corte anotado para medir</translation>
    </message>
    <message>
        <source>{name}: no better than its words, so the words are used</source>
        <translation>{name}: no mejor que sus palabras, así que se usan las palabras</translation>
    </message>
</context>
<context>
    <name>sections.matters</name>
    <message>
        <source>W&amp;hat matters</source>
        <translation>&amp;Lo que importa</translation>
    </message>
    <message>
        <source>Hot spots, worst slices, islands and disagreements; a click goes there.</source>
        <translation>Puntos calientes, peores cortes, islas y discrepancias; un clic lleva allí.</translation>
    </message>
    <message>
        <source>Hot spot</source>
        <translation>Punto caliente</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>Isla</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>Falta</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>Sobra</translation>
    </message>
    <message>
        <source>right</source>
        <translation>derecha</translation>
    </message>
    <message>
        <source>left</source>
        <translation>izquierda</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>centro</translation>
    </message>
    <message>
        <source>Nothing stands out in this run, or it is not finished.</source>
        <translation>Nada destaca en esta ejecución, o no ha terminado.</translation>
    </message>
    <message>
        <source>What</source>
        <translation>Qué</translation>
    </message>
    <message>
        <source>From middle</source>
        <translation>Del centro</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>Órgano</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Corte</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>Cuánto</translation>
    </message>
    <message>
        <source>Worst slice</source>
        <translation>Peor corte</translation>
    </message>
    <message>
        <source>Sensitive slice</source>
        <translation>Corte sensible</translation>
    </message>
    <message>
        <source>drop {value}</source>
        <translation>caída {value}</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more.</source>
        <translation>El estudio de esta ejecución ya no está en la escena.</translation>
    </message>
    <message>
        <source>{structure}: {what}</source>
        <translation>{structure}: {what}</translation>
    </message>
    <message>
        <source>near {organ}</source>
        <translation>cerca de: {organ}</translation>
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
        <translation>{mm} mm a la izquierda de su centro</translation>
    </message>
    <message>
        <source>{mm} mm right of its middle</source>
        <translation>{mm} mm a la derecha de su centro</translation>
    </message>
    <message>
        <source>{mm} mm behind it</source>
        <translation>{mm} mm detrás</translation>
    </message>
    <message>
        <source>{mm} mm in front of it</source>
        <translation>{mm} mm delante</translation>
    </message>
    <message>
        <source>{mm} mm above it</source>
        <translation>{mm} mm por encima</translation>
    </message>
    <message>
        <source>{mm} mm below it</source>
        <translation>{mm} mm por debajo</translation>
    </message>
    <message>
        <source>{share} of the rest is lost where it is hidden</source>
        <translation>se pierde {share} del resto donde se oculta</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>corte {slice}</translation>
    </message>
    <message>
        <source>{mm} mm in size</source>
        <translation>tamaño {mm} mm</translation>
    </message>
</context>
<context>
    <name>sections.method</name>
    <message>
        <source>the model's own prediction is {tiles} tiles, about {time}</source>
        <translation>la predicción del propio modelo son {tiles} mosaicos, unos {time}</translation>
    </message>
    <message>
        <source>{structure}: segment “{segment}”</source>
        <translation>{structure}: segmento «{segment}»</translation>
    </message>
    <message>
        <source>Nothing to explain: the model finds none of the structures in these slices.</source>
        <translation>Nada que explicar: el modelo no encuentra ninguna de las estructuras en estos cortes.</translation>
    </message>
    <message>
        <source>About {time} for one slice, on {device}.</source>
        <translation>Unos {time} para un corte, en {device}.</translation>
    </message>
    <message>
        <source>About {time} for {slices} slices, on {device}.</source>
        <translation>Unos {time} para {slices} cortes, en {device}.</translation>
    </message>
    <message>
        <source>1 s</source>
        <translation>1 s</translation>
    </message>
    <message>
        <source>{each} of {full} patches in each slice</source>
        <translation>{each} de {full} zonas en cada corte</translation>
    </message>
    <message>
        <source>at most {each} of {full} patches in each slice</source>
        <translation>como mucho {each} de {full} zonas en cada corte</translation>
    </message>
    <message>
        <source>{each} masks for each slice</source>
        <translation>{each} máscaras por corte</translation>
    </message>
    <message>
        <source>{each} samples for each slice</source>
        <translation>{each} muestras por corte</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>la CPU</translation>
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
        <translation>Estimando el tiempo…</translation>
    </message>
    <message>
        <source>The time is known once the Python packages are installed; press Explain for that.</source>
        <translation>El tiempo se sabrá cuando estén instalados los paquetes de Python; pulse Explicar para ello.</translation>
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
        <translation>La licencia de este modelo prohíbe el uso comercial. {licence}. Su respuesta se recuerda.</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>El modelo de segmentación que se explicará.</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automático</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>Procesador (CPU)</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Gráficos de Apple (MPS)</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>Elegir la carpeta del modelo</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>Abriendo el modelo…</translation>
    </message>
    <message>
        <source>I accept</source>
        <translation>Acepto</translation>
    </message>
    <message>
        <source>Segments what the box of the region, or the prompt, points at.</source>
        <translation>Segmenta lo que señala la caja de la región, o la indicación.</translation>
    </message>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>Elija el archivo o la carpeta del modelo.</translation>
    </message>
    <message>
        <source>Does not name what it segments: its channels are taken for the chosen structures, in order.</source>
        <translation>No nombra lo que segmenta: sus canales se toman por las estructuras elegidas, en orden.</translation>
    </message>
    <message>
        <source>Segments {names}.</source>
        <translation>Segmenta {names}.</translation>
    </message>
    <message>
        <source>Takes {images}.</source>
        <translation>Toma {images}.</translation>
    </message>
    <message>
        <source>Graphics card ({device})</source>
        <translation>Tarjeta gráfica ({device})</translation>
    </message>
</context>
<context>
    <name>sections.region</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>Marque al menos una estructura.</translation>
    </message>
    <message>
        <source>Choose the segment that is the region.</source>
        <translation>Elija el segmento que es la región.</translation>
    </message>
    <message>
        <source>Choose or create the box that is the region.</source>
        <translation>Elija o cree la caja que es la región.</translation>
    </message>
    <message>
        <source>Draw the box first: it has no size yet.</source>
        <translation>Dibuje primero la caja: aún no tiene tamaño.</translation>
    </message>
    <message>
        <source>Found nothing in slice {slice}.</source>
        <translation>No se encontró nada en el corte {slice}.</translation>
    </message>
    <message>
        <source>Slice {slice}: {share} of the slice</source>
        <translation>Corte {slice}: {share} del corte</translation>
    </message>
    <message>
        <source>Starting the worker; the first region takes a few seconds…</source>
        <translation>Iniciando el proceso de cálculo; la primera región tarda unos segundos…</translation>
    </message>
    <message>
        <source>, holds {recall} of the model's prediction</source>
        <translation>, contiene {recall} de la predicción del modelo</translation>
    </message>
</context>
<context>
    <name>sections.save</name>
    <message>
        <source>The run could not be saved to {folder} ({reason}); choose another folder or free some space.</source>
        <translation>La ejecución no se pudo guardar en {folder} ({reason}); elija otra carpeta o libere espacio.</translation>
    </message>
    <message>
        <source>Save the run to a folder</source>
        <translation>Guardar la ejecución en una carpeta</translation>
    </message>
    <message>
        <source>The report can't be opened: the run is of another session, and {where}. Press Explain again.</source>
        <translation>El informe no se puede abrir: la ejecución es de otra sesión, y {where}. Pulse Explicar de nuevo.</translation>
    </message>
    <message>
        <source>Making the report…</source>
        <translation>Creando el informe…</translation>
    </message>
    <message>
        <source>Save the run as DICOM to a folder</source>
        <translation>Guardar la ejecución como DICOM en una carpeta</translation>
    </message>
    <message>
        <source>Writing DICOM objects…</source>
        <translation>Escribiendo objetos DICOM…</translation>
    </message>
    <message>
        <source>Volumes (NRRD), pictures and report…</source>
        <translation>Volúmenes (NRRD), imágenes e informe…</translation>
    </message>
    <message>
        <source>Everything the run has made, to a folder.</source>
        <translation>Todo lo que hizo la ejecución, en una carpeta.</translation>
    </message>
    <message>
        <source>Volumes (NIfTI), pictures and report…</source>
        <translation>Volúmenes (NIfTI), imágenes e informe…</translation>
    </message>
    <message>
        <source>The same, volumes as .nii.gz.</source>
        <translation>Lo mismo, los volúmenes como .nii.gz.</translation>
    </message>
    <message>
        <source>DICOM objects to a folder…</source>
        <translation>Objetos DICOM en una carpeta…</translation>
    </message>
    <message>
        <source>Maps, segmentations, pictures, a report of the numbers and the page as PDF, for an archive.</source>
        <translation>Mapas, segmentaciones, imágenes, un informe de los números y la página como PDF, para un archivo clínico.</translation>
    </message>
    <message>
        <source>DICOM objects into Slicer's database</source>
        <translation>Objetos DICOM en la base de Slicer</translation>
    </message>
    <message>
        <source>The same objects, beside the scan in the DICOM module.</source>
        <translation>Los mismos objetos, junto al estudio en el módulo DICOM.</translation>
    </message>
    <message>
        <source>Scene…</source>
        <translation>Escena…</translation>
    </message>
    <message>
        <source>Slicer's own dialog: the whole scene with the runs in it.</source>
        <translation>El diálogo propio de Slicer: toda la escena con las ejecuciones en ella.</translation>
    </message>
    <message>
        <source>it was not saved</source>
        <translation>no se guardó</translation>
    </message>
    <message>
        <source>The report is open in the browser; Save keeps it.</source>
        <translation>El informe está abierto en el navegador; Guardar lo conserva.</translation>
    </message>
    <message>
        <source>Saved to {folder}</source>
        <translation>Guardado en {folder}</translation>
    </message>
    <message>
        <source>The volumes are saved, but not the pictures: {reason}</source>
        <translation>Los volúmenes están guardados, pero no las imágenes: {reason}</translation>
    </message>
    <message>
        <source>its report is not in {folder} any more</source>
        <translation>su informe ya no está en {folder}</translation>
    </message>
    <message>
        <source>The report could not be made: {reason}</source>
        <translation>No se pudo crear el informe: {reason}</translation>
    </message>
    <message>
        <source>Saved to {folder}, with pictures.</source>
        <translation>Guardado en {folder}, con imágenes.</translation>
    </message>
    <message>
        <source>DICOM objects are in {folder}</source>
        <translation>Los objetos DICOM están en {folder}</translation>
    </message>
    <message>
        <source>{count} DICOM objects are in Slicer's database, beside the scan.</source>
        <translation>{count} objetos DICOM están en la base de Slicer, junto al estudio.</translation>
    </message>
    <message>
        <source>The pictures could not be saved: {reason}</source>
        <translation>Las imágenes no se pudieron guardar: {reason}</translation>
    </message>
</context>
<context>
    <name>sections.scan</name>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>Primer y último corte axial, contados desde los pies. La vista axial sigue al extremo que se mueve.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
</context>
<context>
    <name>sections.scenesource</name>
    <message>
        <source>Looking for the model that made the segment…</source>
        <translation>Buscando el modelo que hizo el segmento…</translation>
    </message>
    <message>
        <source>Nothing in the scene says which model made {segmentation}: choose its file or folder above.</source>
        <translation>Nada en la escena dice qué modelo hizo {segmentation}: elija arriba su archivo o su carpeta.</translation>
    </message>
    <message>
        <source>Its prediction today is the segment: Dice {dice} in {places}.</source>
        <translation>Su predicción de hoy es el segmento: Dice {dice} en {places}.</translation>
    </message>
    <message>
        <source>Its prediction today is not the segment: Dice {dice} in {places}. What is explained is the prediction; the segment was made otherwise, or edited since.</source>
        <translation>Su predicción de hoy no es el segmento: Dice {dice} en {places}. Lo que se explica es la predicción; el segmento se hizo de otro modo, o se editó después.</translation>
    </message>
    <message>
        <source>Choose the segment that is to be explained.</source>
        <translation>Elija el segmento que se explicará.</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>Elija primero un estudio.</translation>
    </message>
    <message>
        <source>{segmentation} lies on {its}, not on {scan}. Choose {its} as the scan, or another segmentation.</source>
        <translation>{segmentation} está sobre {its}, no sobre {scan}. Elija {its} como estudio, u otra segmentación.</translation>
    </message>
    <message>
        <source>{count} of its {total} slices</source>
        <translation>{count} de sus {total} cortes</translation>
    </message>
    <message>
        <source>{segmentation} lies on another scan than {scan}. Choose its scan, or another segmentation.</source>
        <translation>{segmentation} está sobre otro estudio que {scan}. Elija su estudio, u otra segmentación.</translation>
    </message>
    <message>
        <source>Probably made by {model}, by the names of its segments or the last run on this scan.</source>
        <translation>Probablemente hecho por {model}, por los nombres de sus segmentos o la última ejecución sobre este estudio.</translation>
    </message>
    <message>
        <source>{segmentation} is a result of XAICLIP; choose what a model of yours has made.</source>
        <translation>{segmentation} es un resultado de XAICLIP; elija lo que hizo un modelo suyo.</translation>
    </message>
    <message>
        <source>Made by {model}, as its panel says.</source>
        <translation>Hecho por {model}, como dice su panel.</translation>
    </message>
    <message>
        <source>Comparing its prediction with the segment…</source>
        <translation>Comparando su predicción con el segmento…</translation>
    </message>
</context>
<context>
    <name>sections.structures</name>
    <message>
        <source>Chosen: {names}</source>
        <translation>Elegido: {names}</translation>
    </message>
    <message>
        <source>The model does not segment it: its region can be shown, but not explained.</source>
        <translation>El modelo no la segmenta: su región se puede mostrar, pero no explicar.</translation>
    </message>
</context>
<context>
    <name>sources.menus</name>
    <message>
        <source>Explain with XAICLIP</source>
        <translation>Explicar con XAICLIP</translation>
    </message>
    <message>
        <source>Ask the model that made this segment why it drew it.</source>
        <translation>Preguntar al modelo que hizo este segmento por qué lo trazó.</translation>
    </message>
    <message>
        <source>Choose a segment first.</source>
        <translation>Elija primero un segmento.</translation>
    </message>
</context>
<context>
    <name>worker.client</name>
    <message>
        <source>the worker stopped unexpectedly ({reason}); it starts again with the next request</source>
        <translation>el proceso de cálculo se detuvo de forma inesperada ({reason}); se inicia de nuevo con la próxima petición</translation>
    </message>
    <message>
        <source>it crashed or was killed</source>
        <translation>falló o fue terminado</translation>
    </message>
    <message>
        <source>the worker was stopped</source>
        <translation>el proceso de cálculo fue detenido</translation>
    </message>
    <message>
        <source>{program} can't be started: {text}</source>
        <translation>{program} no se puede iniciar: {text}</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>código de salida {code}</translation>
    </message>
</context>
<context>
    <name>worker.dicom</name>
    <message>
        <source>DICOM objects are made from a run of this session: press Explain again.</source>
        <translation>Los objetos DICOM se hacen de una ejecución de esta sesión: pulse Explicar de nuevo.</translation>
    </message>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>La base DICOM de Slicer no está abierta; abra una vez el módulo DICOM, o guarde en una carpeta.</translation>
    </message>
</context>
<context>
    <name>worker.errors</name>
    <message>
        <source>these Python packages are missing: {names}; install them in the panel of XAICLIP</source>
        <translation>faltan estos paquetes de Python: {names}; instálelos en el panel de XAICLIP</translation>
    </message>
    <message>
        <source>the worker failed without a message; see the log</source>
        <translation>el proceso de cálculo falló sin mensaje; véase el registro</translation>
    </message>
    <message>
        <source>Look in: The whole slice</source>
        <translation>Buscar en: Todo el corte</translation>
    </message>
    <message>
        <source>Look in: The model's own prediction</source>
        <translation>Buscar en: La predicción del propio modelo</translation>
    </message>
    <message>
        <source>Look in</source>
        <translation>Buscar en</translation>
    </message>
    <message>
        <source>Modality under Advanced</source>
        <translation>Modalidad en «Avanzado»</translation>
    </message>
    <message>
        <source>Language model: bundled</source>
        <translation>Modelo de lenguaje: incluido</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modelo</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Cortes</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>Estructuras</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Referencia</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Indicación</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>Explicar de todos modos</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Preguntar</translation>
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
        <translation>el instalador de la extensión PyTorch no encaja con esta versión de pip. Actualice esa extensión, o instale PyTorch con su módulo PyTorch Utils, y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>the disk is full. Free some space, then try again.</source>
        <translation>el disco está lleno. Libere espacio y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>the package server can't be reached. Check the internet connection and the proxy, then try again.</source>
        <translation>no se alcanza el servidor de paquetes. Compruebe la conexión y el proxy, y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>Slicer's folder can't be written to. Install Slicer in a folder of your own, then try again.</source>
        <translation>no se puede escribir en la carpeta de Slicer. Instale Slicer en una carpeta propia y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>it does not fit the packages that are there. Update Slicer and its extensions, then try again.</source>
        <translation>no encaja con los paquetes que hay. Actualice Slicer y sus extensiones, y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>there is no build for this version of Slicer's Python. Update Slicer, then try again.</source>
        <translation>no hay versión para el Python de este Slicer. Actualice Slicer y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>no se dio ninguna razón</translation>
    </message>
    <message>
        <source>The packages need about {needed} MB in {folder}, where {free} MB are free; free some space</source>
        <translation>Los paquetes necesitan unos {needed} MB en {folder}, donde hay {free} MB libres; libere espacio</translation>
    </message>
    <message>
        <source>{package} was installed, but Python does not find it. Restart Slicer, then try again.</source>
        <translation>{package} se instaló, pero Python no lo encuentra. Reinicie Slicer y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>{package} could not be installed: {reason}</source>
        <translation>{package} no se pudo instalar: {reason}</translation>
    </message>
    <message>
        <source>PyTorch has no current build for Intel code on macOS, and this Slicer is made of that, on Apple processors (Rosetta) too. Use Slicer on Windows or Linux, or XAICLIP's command line with a Python for Apple processors</source>
        <translation>PyTorch no tiene versión actual para código de Intel en macOS, y este Slicer está hecho de él, también en procesadores Apple (Rosetta). Use Slicer en Windows o Linux, o la línea de comandos de XAICLIP con un Python para procesadores Apple</translation>
    </message>
    <message>
        <source>The installation was cancelled. What is installed already is kept; Install goes on there.</source>
        <translation>La instalación se canceló. Lo que ya está instalado se conserva; Instalar sigue desde ahí.</translation>
    </message>
    <message>
        <source>Another extension is installing packages. Wait until it is done, then try again.</source>
        <translation>Otra extensión está instalando paquetes. Espere a que termine y vuelva a intentarlo.</translation>
    </message>
    <message>
        <source>PyTorch comes with the extension PyTorch: install it in the Extensions Manager, restart Slicer.</source>
        <translation>PyTorch viene con la extensión PyTorch: instálela en el gestor de extensiones y reinicie Slicer.</translation>
    </message>
    <message>
        <source>This version of the extension PyTorch is unknown: use its module PyTorch Utils first.</source>
        <translation>Esta versión de la extensión PyTorch es desconocida: use primero su módulo PyTorch Utils.</translation>
    </message>
    <message>
        <source>{line}. The log has the whole story.</source>
        <translation>{line}. El registro lo cuenta todo.</translation>
    </message>
    <message>
        <source>Installing {package}…</source>
        <translation>Instalando {package}…</translation>
    </message>
    <message>
        <source>{package}: {done} of {total} MB</source>
        <translation>{package}: {done} de {total} MB</translation>
    </message>
    <message>
        <source>Stopping after {package}…</source>
        <translation>Parando tras {package}…</translation>
    </message>
</context>
<context>
    <name>worker.job</name>
    <message>
        <source>Stopped before the first slice was finished.</source>
        <translation>Parado antes de terminar el primer corte.</translation>
    </message>
    <message>
        <source>The run could not be shown ({kind}: {text}); the application log has the whole story.</source>
        <translation>La ejecución no se pudo mostrar ({kind}: {text}); el registro de la aplicación lo cuenta todo.</translation>
    </message>
    <message>
        <source>The slices that were finished are kept.</source>
        <translation>Los cortes terminados se conservan.</translation>
    </message>
    <message>
        <source>The scan or its result was removed from the scene, so the run was stopped.</source>
        <translation>El estudio o su resultado se quitó de la escena, así que la ejecución se detuvo.</translation>
    </message>
</context>
<context>
    <name>worker.runner</name>
    <message>
        <source>an explanation is already running; cancel it first</source>
        <translation>ya hay una explicación en curso; cancélela primero</translation>
    </message>
</context>
<context>
    <name>worker.shared_files</name>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>Aún no hay ninguna ejecución. Pulse primero Explicar.</translation>
    </message>
    <message>
        <source>This run kept no record of where its drawing changed. Explain again to ask about single places.</source>
        <translation>Esta ejecución no guardó dónde cambió su trazado. Explique de nuevo para preguntar por lugares concretos.</translation>
    </message>
    <message>
        <source>Nothing can be written to {folder} ({reason}). Free some space or choose another folder in {menu}.</source>
        <translation>No se puede escribir nada en {folder} ({reason}). Libere espacio o elija otra carpeta en {menu}.</translation>
    </message>
    <message>
        <source>Edit / Application Settings / Modules</source>
        <translation>Editar / Ajustes de la aplicación / Módulos</translation>
    </message>
    <message>
        <source>choose a scan first</source>
        <translation>elija primero un estudio</translation>
    </message>
    <message>
        <source>The files of the run “{name}” are gone: it is of another session, or not finished. Explain again.</source>
        <translation>Los archivos de la ejecución «{name}» han desaparecido: es de otra sesión, o no ha terminado. Explique de nuevo.</translation>
    </message>
</context>
</TS>
