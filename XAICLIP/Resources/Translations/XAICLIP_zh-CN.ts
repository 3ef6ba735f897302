<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>Anatomy</name>
    <message>
        <source>liver</source>
        <translation>肝</translation>
    </message>
    <message>
        <source>spleen</source>
        <translation>脾</translation>
    </message>
    <message>
        <source>kidneys</source>
        <translation>肾</translation>
    </message>
    <message>
        <source>right kidney</source>
        <translation>右肾</translation>
    </message>
    <message>
        <source>left kidney</source>
        <translation>左肾</translation>
    </message>
    <message>
        <source>gallbladder</source>
        <translation>胆囊</translation>
    </message>
    <message>
        <source>stomach</source>
        <translation>胃</translation>
    </message>
    <message>
        <source>pancreas</source>
        <translation>胰腺</translation>
    </message>
    <message>
        <source>adrenal glands</source>
        <translation>肾上腺</translation>
    </message>
    <message>
        <source>right adrenal gland</source>
        <translation>右肾上腺</translation>
    </message>
    <message>
        <source>left adrenal gland</source>
        <translation>左肾上腺</translation>
    </message>
    <message>
        <source>bowel</source>
        <translation>肠</translation>
    </message>
    <message>
        <source>small bowel</source>
        <translation>小肠</translation>
    </message>
    <message>
        <source>duodenum</source>
        <translation>十二指肠</translation>
    </message>
    <message>
        <source>colon</source>
        <translation>结肠</translation>
    </message>
    <message>
        <source>esophagus</source>
        <translation>食管</translation>
    </message>
    <message>
        <source>urinary bladder</source>
        <translation>膀胱</translation>
    </message>
    <message>
        <source>prostate</source>
        <translation>前列腺</translation>
    </message>
    <message>
        <source>uterus</source>
        <translation>子宫</translation>
    </message>
    <message>
        <source>heart</source>
        <translation>心脏</translation>
    </message>
    <message>
        <source>lungs</source>
        <translation>肺</translation>
    </message>
    <message>
        <source>right lung</source>
        <translation>右肺</translation>
    </message>
    <message>
        <source>left lung</source>
        <translation>左肺</translation>
    </message>
    <message>
        <source>trachea</source>
        <translation>气管</translation>
    </message>
    <message>
        <source>thyroid gland</source>
        <translation>甲状腺</translation>
    </message>
    <message>
        <source>aorta</source>
        <translation>主动脉</translation>
    </message>
    <message>
        <source>inferior vena cava</source>
        <translation>下腔静脉</translation>
    </message>
    <message>
        <source>superior vena cava</source>
        <translation>上腔静脉</translation>
    </message>
    <message>
        <source>portal vein</source>
        <translation>门静脉</translation>
    </message>
    <message>
        <source>pulmonary artery</source>
        <translation>肺动脉</translation>
    </message>
    <message>
        <source>spine</source>
        <translation>脊柱</translation>
    </message>
    <message>
        <source>sacrum</source>
        <translation>骶骨</translation>
    </message>
    <message>
        <source>ribs</source>
        <translation>肋骨</translation>
    </message>
    <message>
        <source>right rib</source>
        <translation>右侧肋骨</translation>
    </message>
    <message>
        <source>left rib</source>
        <translation>左侧肋骨</translation>
    </message>
    <message>
        <source>sternum</source>
        <translation>胸骨</translation>
    </message>
    <message>
        <source>femurs</source>
        <translation>股骨</translation>
    </message>
    <message>
        <source>right femur</source>
        <translation>右股骨</translation>
    </message>
    <message>
        <source>left femur</source>
        <translation>左股骨</translation>
    </message>
    <message>
        <source>hip bones</source>
        <translation>髋骨</translation>
    </message>
    <message>
        <source>right hip bone</source>
        <translation>右髋骨</translation>
    </message>
    <message>
        <source>left hip bone</source>
        <translation>左髋骨</translation>
    </message>
    <message>
        <source>iliopsoas muscles</source>
        <translation>髂腰肌</translation>
    </message>
    <message>
        <source>right iliopsoas muscle</source>
        <translation>右髂腰肌</translation>
    </message>
    <message>
        <source>left iliopsoas muscle</source>
        <translation>左髂腰肌</translation>
    </message>
    <message>
        <source>bone</source>
        <translation>骨</translation>
    </message>
    <message>
        <source>muscle</source>
        <translation>肌肉</translation>
    </message>
    <message>
        <source>fat</source>
        <translation>脂肪</translation>
    </message>
    <message>
        <source>skull</source>
        <translation>颅骨</translation>
    </message>
    <message>
        <source>brain</source>
        <translation>脑</translation>
    </message>
    <message>
        <source>brain tumour</source>
        <translation>脑肿瘤</translation>
    </message>
    <message>
        <source>brain ventricles</source>
        <translation>脑室</translation>
    </message>
    <message>
        <source>cerebellum</source>
        <translation>小脑</translation>
    </message>
    <message>
        <source>brainstem</source>
        <translation>脑干</translation>
    </message>
    <message>
        <source>spinal cord</source>
        <translation>脊髓</translation>
    </message>
</context>
<context>
    <name>AnswerPart</name>
    <message>
        <source>The other answers of the run.</source>
        <translation>本次运行的其他回答。</translation>
    </message>
    <message>
        <source>How far the answers can be trusted, and in which slices they were tested.</source>
        <translation>回答的可信程度，以及在哪些层面上做过检验。</translation>
    </message>
    <message>
        <source>What a reader of the result must know.</source>
        <translation>阅读结果时必须知道的事项。</translation>
    </message>
    <message>
        <source>Num&amp;bers</source>
        <translation>数值(&amp;B)</translation>
    </message>
    <message>
        <source>What was measured, as numbers and curves.</source>
        <translation>测得的结果，以数值和曲线表示。</translation>
    </message>
    <message>
        <source>Numbers of the run</source>
        <translation>本次运行的数值</translation>
    </message>
    <message>
        <source>What was measured in the whole scan and in each slice.</source>
        <translation>在整个扫描和每个层面中测得的结果。</translation>
    </message>
    <message>
        <source>What the verdict rests on, as it was measured.</source>
        <translation>结论所依据的测量值。</translation>
    </message>
    <message>
        <source>C&amp;urves</source>
        <translation>曲线(&amp;U)</translation>
    </message>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>视图下方的删除与插入曲线：按图的顺序去除或恢复区域时的得分。松开后恢复您自己的布局。</translation>
    </message>
    <message>
        <source>Curves o&amp;f:</source>
        <translation>曲线属于(&amp;F)：</translation>
    </message>
    <message>
        <source>Of which structure, and with what the removed places were filled.</source>
        <translation>哪个结构的曲线，以及用什么填充被去除的位置。</translation>
    </message>
</context>
<context>
    <name>AskPart</name>
    <message>
        <source>A&amp;sk:</source>
        <translation>提问(&amp;S)：</translation>
    </message>
    <message>
        <source>What is asked about the place under the mouse.</source>
        <translation>对鼠标所指位置提出的问题。</translation>
    </message>
    <message>
        <source>Whose drawing is asked about.</source>
        <translation>询问的是谁的勾画。</translation>
    </message>
    <message>
        <source>Whose drawing</source>
        <translation>谁的勾画</translation>
    </message>
    <message>
        <source>Follow the &amp;mouse</source>
        <translation>跟随鼠标(&amp;M)</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view: each place is asked about, and the answer is shown as a map and a sentence. No model is run.</source>
        <translation>在切片视图上移动鼠标：逐一询问每个位置，回答以图和一句话显示。不运行模型。</translation>
    </message>
    <message>
        <source>Only with Shi&amp;ft held</source>
        <translation>仅在按住 Shift 时(&amp;F)</translation>
    </message>
    <message>
        <source>The answer then stays until Shift is held over a view again.</source>
        <translation>回答会保留，直到再次在视图上按住 Shift。</translation>
    </message>
    <message>
        <source>The answer. Its map lies over the scan.</source>
        <translation>回答。其图叠加在扫描上。</translation>
    </message>
    <message>
        <source>&amp;Back to the map</source>
        <translation>返回显著图(&amp;B)</translation>
    </message>
    <message>
        <source>Take the answer away, and show the run's own map again.</source>
        <translation>撤去回答，重新显示本次运行自己的图。</translation>
    </message>
    <message>
        <source>O&amp;r:</source>
        <translation>或(&amp;R)：</translation>
    </message>
    <message>
        <source>Islands, the boundary, what is missing or extra, and which organ needs which: choose a question to ask it.</source>
        <translation>孤立块、边界、缺失或多余的部分，以及哪个器官依赖哪个器官：选择一个问题即可提问。</translation>
    </message>
    <message>
        <source>Each row was hidden, each column shows what was lost of it.</source>
        <translation>每一行被遮挡，每一列显示因此损失了多少。</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>器官之间</translation>
    </message>
    <message>
        <source>Bars</source>
        <translation>条形图</translation>
    </message>
    <message>
        <source>The same as bars under the views. Release to get your own layout back.</source>
        <translation>在视图下方以条形图显示相同内容。松开后恢复您自己的布局。</translation>
    </message>
</context>
<context>
    <name>ComparePart</name>
    <message>
        <source>&amp;With:</source>
        <translation>与(&amp;W)：</translation>
    </message>
    <message>
        <source>Another run on the same scan.</source>
        <translation>同一扫描上的另一次运行。</translation>
    </message>
    <message>
        <source>Side &amp;by side</source>
        <translation>并排显示(&amp;S)</translation>
    </message>
    <message>
        <source>Both maps on one scale, their difference and both predictions, in linked views. Release to get your own layout back.</source>
        <translation>在联动视图中以同一标尺显示两幅图、二者之差以及两个预测。松开后恢复您自己的布局。</translation>
    </message>
    <message>
        <source>In what the two runs differ.</source>
        <translation>两次运行的不同之处。</translation>
    </message>
    <message>
        <source>What the run that is chosen above says.</source>
        <translation>上方所选运行的回答。</translation>
    </message>
    <message>
        <source>What the other run says.</source>
        <translation>另一次运行的回答。</translation>
    </message>
    <message>
        <source>S&amp;et otherwise</source>
        <translation>不同的设置(&amp;E)</translation>
    </message>
    <message>
        <source>Settings in which the two runs differ.</source>
        <translation>两次运行不同的设置。</translation>
    </message>
</context>
<context>
    <name>DisplayPart</name>
    <message>
        <source>Sho&amp;w:</source>
        <translation>显示(&amp;W)：</translation>
    </message>
    <message>
        <source>The saliency (0 to 1, one scale for all slices), or the drop of the score with its sign.</source>
        <translation>显著性（0 到 1，所有层面同一标尺），或带符号的得分下降。</translation>
    </message>
    <message>
        <source>&amp;Opacity:</source>
        <translation>不透明度(&amp;O)：</translation>
    </message>
    <message>
        <source>Opacity of the saliency over the scan.</source>
        <translation>显著性叠加在扫描上的不透明度。</translation>
    </message>
    <message>
        <source>&amp;Hide below:</source>
        <translation>隐藏低于(&amp;H)：</translation>
    </message>
    <message>
        <source>Saliency below this value is hidden, in the slices and in 3D.</source>
        <translation>低于此值的显著性在切片和三维中隐藏。</translation>
    </message>
    <message>
        <source>What is hidden, in the unit of the map: the colours have one scale for all slices of a run.</source>
        <translation>以图的单位表示被隐藏的部分：一次运行的所有层面使用同一颜色标尺。</translation>
    </message>
    <message>
        <source>Co&amp;lor map:</source>
        <translation>色表(&amp;L)：</translation>
    </message>
    <message>
        <source>Colors of the saliency.</source>
        <translation>显著性的颜色。</translation>
    </message>
    <message>
        <source>Le&amp;gend</source>
        <translation>图例(&amp;G)</translation>
    </message>
    <message>
        <source>Show the color legend in the views.</source>
        <translation>在视图中显示颜色图例。</translation>
    </message>
    <message>
        <source>Per slice</source>
        <translation>逐层</translation>
    </message>
    <message>
        <source>One scale of colors for each slice, to see what is weak; else one for all slices of the run, so that they can be compared.</source>
        <translation>每个层面使用各自的颜色标尺，以便看清较弱的部分；否则所有层面使用同一标尺，便于比较。</translation>
    </message>
</context>
<context>
    <name>Library</name>
    <message>
        <source>this model has no structure</source>
        <translation>此模型没有结构</translation>
    </message>
    <message>
        <source>it segments:</source>
        <translation>它分割：</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>无</translation>
    </message>
    <message>
        <source>did you mean {names}? </source>
        <translation>您是否想说 {names}？ </translation>
    </message>
    <message>
        <source>{names} and {count} more</source>
        <translation>{names} 及另外 {count} 个</translation>
    </message>
    <message>
        <source>the model failed on several images at once ({reason}); it was run on one at a time</source>
        <translation>模型无法同时处理多幅图像（{reason}）；已逐幅运行</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax)</source>
        <translation>（请应用 sigmoid 或 softmax）</translation>
    </message>
    <message>
        <source>the model returned complex numbers; return probabilities in [0, 1]</source>
        <translation>模型返回了复数；应返回 [0, 1] 内的概率</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for the unperturbed image; check its input</source>
        <translation>模型对未扰动图像返回 NaN 或无穷值；请检查其输入</translation>
    </message>
    <message>
        <source>instead of labels (leave out its argmax)</source>
        <translation>而不是标签（去掉 argmax）</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g}; return probabilities in [0, 1] {advice}</source>
        <translation>模型返回 {low:.3g} 至 {high:.3g} 的值；应返回 [0, 1] 内的概率 {advice}</translation>
    </message>
    <message>
        <source>(apply a sigmoid or a softmax, or divide by the largest value there can be)</source>
        <translation>（请应用 sigmoid 或 softmax，或除以可能的最大值）</translation>
    </message>
    <message>
        <source>the model's maps are {shape} for an image {spatial}: they are taken to show the same field of view</source>
        <translation>模型的图为 {shape}，图像为 {spatial}：假定二者视野相同</translation>
    </message>
    <message>
        <source>the map's largest value is {value:.3g}, but a score between 0 and 1 can't change by more than 1: it is the error of too few samples for so many places; give more samples, or larger superpixels</source>
        <translation>图的最大值为 {value:.3g}，但 0 到 1 之间的得分变化不可能超过 1：这是位置多而样本少所致的误差；请增加样本或用更大的超像素</translation>
    </message>
    <message>
        <source>the reference is empty: there is no segmentation to explain</source>
        <translation>参考为空：没有可解释的分割</translation>
    </message>
    <message>
        <source>the map is flat: no perturbation changed the score by more than 0.001; try smaller patches, another fill, LIME, or a soft score (soft_dice, confidence)</source>
        <translation>该图是平的：没有扰动使得分改变超过 0.001；请尝试更小的方块、其他填充、LIME 或软得分（soft_dice、confidence）</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>零</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>均值</translation>
    </message>
    <message>
        <source>local_mean</source>
        <translation>周围均值</translation>
    </message>
    <message>
        <source>blur</source>
        <translation>模糊图像</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>inpaint</source>
        <translation>由周围修补</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>image</source>
        <translation>自备图像</translation>
    </message>
    <message>
        <source>{samples} samples are few for {count} superpixels, whose values are drawn towards each other for it: give at least {least}, or larger superpixels</source>
        <translation>{samples} 个样本对 {count} 个超像素太少，其数值会因此彼此靠近：请至少 {least} 个，或用更大的超像素</translation>
    </message>
    <message>
        <source>patch {patch} is below 32: single effects get noisy and the run takes longer</source>
        <translation>方块 {patch} 小于 32：单个效应噪声变大，运行时间更长</translation>
    </message>
    <message>
        <source>stride {stride} is above half of patch {patch}: the map gets blocky</source>
        <translation>步长 {stride} 大于方块 {patch} 的一半：图会呈块状</translation>
    </message>
    <message>
        <source>the raw RISE estimator is the mean score under the masks that keep a pixel, not a drop</source>
        <translation>RISE 原始估计是保留该像素的掩膜下的平均得分，而非下降</translation>
    </message>
    <message>
        <source>the model gives another answer each time it gets the same image (the score changed by {change:.3g}): something in it is random, such as dropout; the map holds that noise</source>
        <translation>模型对同一图像每次给出不同结果（得分改变 {change:.3g}）：其中有随机成分，如 dropout；图中含有该噪声</translation>
    </message>
    <message>
        <source>the model returned NaN or infinite values for a perturbed image; choose another fill</source>
        <translation>模型对扰动图像返回 NaN 或无穷值；请选择其他填充</translation>
    </message>
    <message>
        <source>the model returned values from {low:.3g} to {high:.3g} for a perturbed image; return probabilities in [0, 1] (apply a sigmoid or a softmax)</source>
        <translation>模型对扰动图像返回 {low:.3g} 至 {high:.3g} 的值；应返回 [0, 1] 内的概率（请应用 sigmoid 或 softmax）</translation>
    </message>
    <message>
        <source>the model's answer depends on what else is in the batch (the score changed by {change:.3g}), as with batch normalisation in training mode; the map then depends on the batch size: call model.eval(), or give batch_size=1</source>
        <translation>模型的结果取决于批次中的其他内容（得分改变 {change:.3g}），如训练模式下的批归一化；此时图取决于批次大小：请调用 model.eval()，或设 batch_size=1</translation>
    </message>
    <message>
        <source>every superpixel lies less than {share:.0%} in the region; all that meet it are used</source>
        <translation>每个超像素在区域内的部分都不足 {share:.0%}；使用所有与其相接的超像素</translation>
    </message>
    <message>
        <source>the region holds only {count} superpixels; lower scale or min_size for a finer map</source>
        <translation>区域仅包含 {count} 个超像素；减小 scale 或 min_size 可得更细的图</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} were given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} 接收 {count} 幅图像（{images}），给了 {given} 幅；第一幅用扫描，其余各用 --channel FILE，按此顺序（Python 中为 images=[…]）</translation>
    </message>
    <message>
        <source>this needs a reference; give a mask or a label map of the scan</source>
        <translation>这需要参考；请提供扫描的掩膜或标签图</translation>
    </message>
    <message>
        <source>{model} takes one image, and {count} were given; leave out the other channels</source>
        <translation>{model} 只接收一幅图像，却给了 {count} 幅；请去掉其他通道</translation>
    </message>
    <message>
        <source>{model} takes {count} images ({images}), and {given} was given; give the scan for the first and --channel FILE for each of the others, in this order (in Python images=[…])</source>
        <translation>{model} 接收 {count} 幅图像（{images}），只给了 {given} 幅；第一幅用扫描，其余各用 --channel FILE，按此顺序（Python 中为 images=[…]）</translation>
    </message>
    <message>
        <source>the model {model} does not segment</source>
        <translation>模型 {model} 不分割</translation>
    </message>
    <message>
        <source>{model} segments what a prompt points at, and the region {region} gives none: choose the region clip, a mask or a box, or give a prompt box or points</source>
        <translation>{model} 分割所提示的内容，而区域 {region} 不提供提示：请选择区域 clip、掩膜或方框，或给出提示框或点</translation>
    </message>
    <message>
        <source>it segments</source>
        <translation>它分割</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}. On one MR scan that was kept from them {what} reached a Dice of {lowest:.2f}; other sequences may be worse</source>
        <translation>内置模型是为腹部 CT 制作的；此扫描为 {modality}。在一个它们未见过的 MR 扫描上，{what}的 Dice 为 {lowest:.2f}；其他序列可能更差</translation>
    </message>
    <message>
        <source>check that {file} is of this scan and of this structure</source>
        <translation>请检查 {file} 是否属于此扫描和此结构</translation>
    </message>
    <message>
        <source>{first} and {second}</source>
        <translation>{first}和{second}</translation>
    </message>
    <message>
        <source>{ways}, or say what the scan is (--modality)</source>
        <translation>{ways}，或说明扫描类型（--modality）</translation>
    </message>
    <message>
        <source>nothing was computed: {reasons:; }; give {ways}, or go on with --anyway: the map then counts as not supported</source>
        <translation>未进行计算：{reasons:; }；请提供{ways}，或以 --anyway 继续：此图将视为没有依据</translation>
    </message>
    <message>
        <source>this scan</source>
        <translation>此扫描</translation>
    </message>
    <message>
        <source>these slices</source>
        <translation>这些层面</translation>
    </message>
    <message>
        <source>no {structures} in {where}: presence {presence}, as the bundled models see it</source>
        <translation>{where}中没有{structures}：内置模型给出的存在概率为 {presence}</translation>
    </message>
    <message>
        <source>probably no {structure} in {where}: presence {presence:.2f}</source>
        <translation>{where}中可能没有{structure}：存在概率为 {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}, where they are not to be asked for {structures}</source>
        <translation>内置模型是为腹部 CT 制作的；此扫描为 {modality}，不应在其中询问{structures}</translation>
    </message>
    <message>
        <source>the prompts were learned on {learned}; this scan is {modality}</source>
        <translation>描述是在 {learned} 上学习的；此扫描为 {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned with {windows} window(s): use --vlm-windows {windows}</source>
        <translation>描述是用 {windows} 个窗位学习的：请用 --vlm-windows {windows}</translation>
    </message>
    <message>
        <source>the prompts were learned on images of {size} pixels: use --vlm-size {size}</source>
        <translation>描述是在 {size} 像素的图像上学习的：请用 --vlm-size {size}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words</source>
        <translation>描述是为 {known} 学习的：{others} 用普通描述</translation>
    </message>
    <message>
        <source>if {file} has another numbering than the one that was assumed, name it: FILE:amos, or FILE:{name}=NUMBER</source>
        <translation>若 {file} 的编号与所设不同，请指明：FILE:amos 或 FILE:{name}=NUMBER</translation>
    </message>
    <message>
        <source>a model that was made for this scan (--model)</source>
        <translation>适合此扫描的模型（--model）</translation>
    </message>
    <message>
        <source>another region (--region prediction, full, or a mask)</source>
        <translation>其他区域（--region prediction、整层或掩膜）</translation>
    </message>
    <message>
        <source>the model was trained on {trained}; this scan is {modality}</source>
        <translation>模型以 {trained} 训练；此扫描为 {modality}</translation>
    </message>
    <message>
        <source>probably no {structure} in slices {slices}: presence at most {presence:.2f}</source>
        <translation>第 {slices} 层面中可能没有{structure}：存在概率最高为 {presence:.2f}</translation>
    </message>
    <message>
        <source>the bundled models were made for CT of the abdomen; this scan is {modality}</source>
        <translation>内置模型为腹部 CT 而设；此扫描为 {modality}</translation>
    </message>
    <message>
        <source>the prompts were learned for {known}: {others} by plain words (did you mean {near}?)</source>
        <translation>描述是为 {known} 学习的：{others} 用普通描述（您是否想说 {near}？）</translation>
    </message>
    <message>
        <source>{word} is in no table of structures and is looked for as it stands{guess}</source>
        <translation>{word} 不在任何结构表中，按原样查找{guess}</translation>
    </message>
    <message>
        <source>the body in these slices is only {width:.0f} mm wide: no abdomen of an adult, which the bundled models were made for; they name organs that are not there</source>
        <translation>这些层面中身体仅宽 {width:.0f} mm：不是成人腹部，而内置模型为此而设；它们会标出并不存在的器官</translation>
    </message>
    <message>
        <source>the model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>the words</source>
        <translation>文字</translation>
    </message>
    <message>
        <source>the region holds nothing of the prediction of the {structure}; {advice}</source>
        <translation>{structure}：区域不包含任何预测；{advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} does not meet the prediction anywhere; {advice}</source>
        <translation>{structure}：参考与预测毫不相交；{advice}</translation>
    </message>
    <message>
        <source>the reference of the {structure} has no prediction in its slices; {advice}</source>
        <translation>{structure}：参考所在的层面没有预测；{advice}</translation>
    </message>
    <message>
        <source>image {number}: {note}</source>
        <translation>图像 {number}：{note}</translation>
    </message>
    <message>
        <source>the point {x:g}, {y:g}, {z:g} lies outside the scan; give LPS mm inside it</source>
        <translation>点 {x:g}, {y:g}, {z:g} 在扫描之外；请给出扫描内的 LPS 毫米坐标</translation>
    </message>
    <message>
        <source>the region 'prediction' needs a model; give region clip, a mask or a box</source>
        <translation>区域 prediction 需要模型；请用区域 clip、掩膜或方框</translation>
    </message>
    <message>
        <source>slices {slices} lie outside the scan, which has slices 0 to {last} (range 0:{count})</source>
        <translation>层面 {slices} 在扫描之外，扫描有层面 0 至 {last}（范围 0:{count}）</translation>
    </message>
    <message>
        <source>; did you mean {word}?</source>
        <translation>；您是否想说 {word}？</translation>
    </message>
    <message>
        <source>the licence of {model} forbids commercial use: {licence}; if you may use it under that licence, accept it once with: xaiclip models check --accept-licence "{spec}" (in Python open_segmenter("{spec}", accept_licence=True)); that is remembered on this machine</source>
        <translation>{model} 的许可禁止商业使用：{licence}；若您可在该许可下使用，请用以下命令接受一次：xaiclip models check --accept-licence "{spec}"（Python 中为 open_segmenter("{spec}", accept_licence=True)）；本机会记住</translation>
    </message>
    <message>
        <source>{who} needs the Python package {package}; install it with: {how}</source>
        <translation>{who} 需要 Python 包 {package}；安装命令：{how}</translation>
    </message>
    <message>
        <source>nothing of {structure} is drawn in this image</source>
        <translation>此图像中没有勾画{structure}</translation>
    </message>
    <message>
        <source>nothing was hidden at that place: it lies outside the evaluated region; ask about a place inside it, or run again with a larger region</source>
        <translation>该位置未被遮挡：它在评估区域之外；请询问区域内的位置，或用更大的区域重新运行</translation>
    </message>
    <message>
        <source>{first} or {second}</source>
        <translation>{first}或{second}</translation>
    </message>
    <message>
        <source>a place outside the region matters {share:.0%} as much as the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>区域外某处的影响为整个区域的 {share:.0%}：请用更大的区域或整幅图像（--region full）查看</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>这说明器官在哪里，而不是为什么（与不需要模型的图的秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>the map is flat (largest drop {drop:.4f})</source>
        <translation>该图是平的（最大下降 {drop:.4f}）</translation>
    </message>
    <message>
        <source>values of the map reach {drop:.2f}, where no score can change by more than {most:g}</source>
        <translation>图中数值达到 {drop:.2f}，而任何得分的变化都不可能超过 {most:g}</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop, as large as the effect itself: take more samples</source>
        <translation>标准误为最大下降的 {share:.0%}，与效应本身一样大：请增加样本</translation>
    </message>
    <message>
        <source>the region holds only {share:.0%} of what is explained</source>
        <translation>区域只包含被解释内容的 {share:.0%}</translation>
    </message>
    <message>
        <source>the model does not find it: Dice {dice:.2f} of prediction and reference</source>
        <translation>模型没有找到它：预测与参考的 Dice 为 {dice:.2f}</translation>
    </message>
    <message>
        <source>filling the whole region changes the score by {change:.3f} only</source>
        <translation>遮挡整个区域仅使得分改变 {change:.3f}</translation>
    </message>
    <message>
        <source>with random weights the map looks the same (rank correlation {value:.2f})</source>
        <translation>用随机权重得到相同的图（秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>a place outside the region matters {times:.1f} times the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>区域外某处的影响为整个区域的 {times:.1f} 倍：请用更大的区域或整幅图像（--region full）查看</translation>
    </message>
    <message>
        <source>this says where the organ is, not why (rank correlation {value:.2f} with a map that needs no model): the remote map and `xaiclip ask` show what the rest of it hangs on</source>
        <translation>这说明器官在哪里，而不是为什么（与不需要模型的图的秩相关 {value:.2f}）：其余部分依赖什么，见不含被遮挡部分的图和 `xaiclip ask`</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} when it is run again, {share:.0%} of the largest drop</source>
        <translation>同一图像再次运行时得分改变 {change:.3g}，为最大下降的 {share:.0%}</translation>
    </message>
    <message>
        <source>the effects are small: the largest drop is {drop:.3f} of a score of {score:.2f}, so that the map has little to say</source>
        <translation>效应很小：最大下降为 {drop:.3f}，得分为 {score:.2f}，因此该图说明不了什么</translation>
    </message>
    <message>
        <source>the standard error is {share:.0%} of the largest drop</source>
        <translation>标准误为最大下降的 {share:.0%}</translation>
    </message>
    <message>
        <source>{count} evaluations are few for a map</source>
        <translation>{count} 次模型运行对一幅图来说太少</translation>
    </message>
    <message>
        <source>the model finds it in part: Dice {dice:.2f} of prediction and reference</source>
        <translation>模型只找到一部分：预测与参考的 Dice 为 {dice:.2f}</translation>
    </message>
    <message>
        <source>not all tests were made: {reason}</source>
        <translation>并非所有检验都已完成：{reason}</translation>
    </message>
    <message>
        <source>the effects are small: filling the whole region changes a score of {score:.2f} by {change:.3f}</source>
        <translation>效应很小：遮挡整个区域使 {score:.2f} 的得分改变 {change:.3f}</translation>
    </message>
    <message>
        <source>little better than a random order: insertion − deletion {share:.0%} of the room</source>
        <translation>略优于随机顺序：插入 − 删除为可变范围的 {share:.0%}</translation>
    </message>
    <message>
        <source>another fill changes the score by {change:.3f} only: the map may be about the fill</source>
        <translation>换一种填充仅使得分改变 {change:.3f}：该图可能反映的是填充</translation>
    </message>
    <message>
        <source>another fill gives another map (rank correlation {value:.2f})</source>
        <translation>换一种填充得到不同的图（秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>another seed gives another map (rank correlation {value:.2f})</source>
        <translation>换一个随机种子得到不同的图（秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>inside the region no better than a random order (insertion − deletion {share:.0%} of the room): it says no more than the region does; smaller patches may</source>
        <translation>在区域内不优于随机顺序（插入 − 删除为可变范围的 {share:.0%}）：它说明的不比区域多；更小的方块也许可以</translation>
    </message>
    <message>
        <source>a place outside the region matters more than the whole region: take a larger region, or the whole image (--region full), to see it</source>
        <translation>区域外某处的影响超过整个区域：请用更大的区域或整幅图像（--region full）查看</translation>
    </message>
    <message>
        <source>the score of the same image changes by {change:.3g} beside others in its batch (--batch-size 1 avoids that), {share:.0%} of the largest drop</source>
        <translation>同一图像与批次中其他图像一起时得分改变 {change:.3g}（--batch-size 1 可避免），为最大下降的 {share:.0%}</translation>
    </message>
    <message>
        <source>random orders reach as much: {random:.0%} of the room, the map {share:.0%}</source>
        <translation>随机顺序同样好：随机为可变范围的 {random:.0%}，该图为 {share:.0%}</translation>
    </message>
    <message>
        <source>no better than the bare region</source>
        <translation>不优于单独的区域</translation>
    </message>
    <message>
        <source>its order is no better than the organ's shape</source>
        <translation>其排序不优于器官的形状</translation>
    </message>
    <message>
        <source>the order does not hold under another fill</source>
        <translation>换一种填充后排序不成立</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others} and {count} more): {reason}</source>
        <translation>层面 {slice}（{others} 及另外 {count} 层较轻）：{reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room (random orders reached {random:.0%})</source>
        <translation>插入 − 删除为可变范围的 {share:.0%}（随机顺序为 {random:.0%}）</translation>
    </message>
    <message>
        <source>tested on slices {slices}: {outcomes}</source>
        <translation>已在层面 {slices} 中检验：{outcomes}</translation>
    </message>
    <message>
        <source>slice {slice}: {reason}</source>
        <translation>层面 {slice}：{reason}</translation>
    </message>
    <message>
        <source>slice {slice} (and less in {others}): {reason}</source>
        <translation>层面 {slice}（{others} 较轻）：{reason}</translation>
    </message>
    <message>
        <source>insertion − deletion {share:.0%} of the room</source>
        <translation>插入 − 删除为可变范围的 {share:.0%}</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room (random orders reached at most {random:.0%})</source>
        <translation>插入 − 删除至少为可变范围的 {share:.0%}（随机顺序至多 {random:.0%}）</translation>
    </message>
    <message>
        <source>tested on the volume at once</source>
        <translation>已在整个体数据上检验</translation>
    </message>
    <message>
        <source>tested on slice {slice}</source>
        <translation>已在层面 {slice} 中检验</translation>
    </message>
    <message>
        <source>{count} of {total} strong</source>
        <translation>{total} 层中 {count} 层依据充分</translation>
    </message>
    <message>
        <source>{count} of {total} weak</source>
        <translation>{total} 层中 {count} 层依据较弱</translation>
    </message>
    <message>
        <source>{count} of {total} the organ's shape</source>
        <translation>{total} 层中 {count} 层只是器官的形状</translation>
    </message>
    <message>
        <source>{count} of {total} not supported</source>
        <translation>{total} 层中 {count} 层没有依据</translation>
    </message>
    <message>
        <source>{count} of {total} not tested</source>
        <translation>{total} 层中 {count} 层未检验</translation>
    </message>
    <message>
        <source>holds under another fill</source>
        <translation>换一种填充后仍成立</translation>
    </message>
    <message>
        <source>of the places tried outside the region none matters more than {share:.0%} as much</source>
        <translation>在区域外尝试的位置中，影响均不超过其 {share:.0%}</translation>
    </message>
    <message>
        <source>Dice {dice:.2f} of prediction and reference</source>
        <translation>预测与参考的 Dice 为 {dice:.2f}</translation>
    </message>
    <message>
        <source>insertion − deletion at least {share:.0%} of the room</source>
        <translation>插入 − 删除至少为可变范围的 {share:.0%}</translation>
    </message>
    <message>
        <source>nothing to test</source>
        <translation>没有可检验的内容</translation>
    </message>
    <message>
        <source>{file} is none of the files that models come as ({kinds}), and no nnU-Net folder or MONAI bundle either; say what it is with FAMILY:PATH (see `xaiclip models`)</source>
        <translation>{file} 不是模型的任何文件类型（{kinds}），也不是 nnU-Net 文件夹或 MONAI bundle；请用 FAMILY:PATH 说明（见 `xaiclip models`）</translation>
    </message>
    <message>
        <source>there is no file or folder {path}; give the path of a model on this machine</source>
        <translation>没有文件或文件夹 {path}；请给出本机模型的路径</translation>
    </message>
    <message>
        <source>a segmentation</source>
        <translation>分割</translation>
    </message>
    <message>
        <source>an image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>{file} is {kind}, not a model: it can't be run on a perturbed scan. A segmentation can be the reference (--reference FILE) or the region (--region FILE); give a model to explain as --model</source>
        <translation>{file} 是{kind}，不是模型：无法在扰动的扫描上运行。分割可作为参考（--reference FILE）或区域（--region FILE）；要解释的模型用 --model 给出</translation>
    </message>
    <message>
        <source>{file} is an archive; unpack it, and give the folder or the file that comes out</source>
        <translation>{file} 是压缩包；请解压后给出其中的文件夹或文件</translation>
    </message>
    <message>
        <source>the model was in training mode (dropout, batch normalisation): it was put into evaluation mode for this run; call model.eval() to have it so everywhere</source>
        <translation>模型处于训练模式（dropout、批归一化）：本次运行已切换为评估模式；调用 model.eval() 可使其处处如此</translation>
    </message>
    <message>
        <source>there is no model {model}; give one of {families} (see `xaiclip models`){hint}</source>
        <translation>没有模型 {model}；请从 {families} 中选择（见 `xaiclip models`）{hint}</translation>
    </message>
    <message>
        <source>there is no model {model}: no such file or folder here, and no family of that name{hint}</source>
        <translation>没有模型 {model}：此处没有该文件或文件夹，也没有该名称的系列{hint}</translation>
    </message>
    <message>
        <source>{name} can't be opened as {family} ({reason}): it is damaged, or made by another version; get it again, or export it again</source>
        <translation>无法将 {name} 作为 {family} 打开（{reason}）：已损坏或由其他版本生成；请重新获取或导出</translation>
    </message>
    <message>
        <source>{name} does not fit in the memory of {device}; choose another device</source>
        <translation>{name} 超出 {device} 的内存；请选择其他设备</translation>
    </message>
    <message>
        <source>{name} can't be opened: its code raised {reason}; mend it</source>
        <translation>无法打开 {name}：其代码报错 {reason}；请修正</translation>
    </message>
    <message>
        <source>{file} can't be looked into ({reason}); check the file or folder</source>
        <translation>无法查看 {file}（{reason}）；请检查文件或文件夹</translation>
    </message>
    <message>
        <source>the mask lies on another grid than the scan; resample it to the scan first</source>
        <translation>掩膜与扫描的网格不同；请先重采样到扫描</translation>
    </message>
    <message>
        <source>the mask is empty, so that there is nothing to compare; draw something in it</source>
        <translation>掩膜为空，没有可比较的内容；请在其中绘制</translation>
    </message>
    <message>
        <source>comparing in slice {slice}</source>
        <translation>正在比较层面 {slice}</translation>
    </message>
    <message>
        <source>{place} in slice {slice}</source>
        <translation>层面 {slice} 中{place}</translation>
    </message>
    <message>
        <source>{place}, near the {structure}</source>
        <translation>{place}（靠近{structure}）</translation>
    </message>
    <message>
        <source>inside it</source>
        <translation>其内部</translation>
    </message>
    <message>
        <source>LPS {point} mm</source>
        <translation>LPS {point} mm</translation>
    </message>
    <message>
        <source>{place} in slice {slice} ({point})</source>
        <translation>层面 {slice} 中{place}（{point}）</translation>
    </message>
    <message>
        <source>, without what is hidden itself</source>
        <translation>，不含被遮挡部分自身</translation>
    </message>
    <message>
        <source>, of what is hidden itself alone</source>
        <translation>，仅指被遮挡部分自身</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average.</source>
        <translation>{structure}：遮挡包含{place}的位置，平均减少 {amount:.1f} ml。</translation>
    </message>
    <message>
        <source>what lies within {mm:g} mm of {point}</source>
        <translation>{point} 周围 {mm:g} mm 以内的内容</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} in {file}</source>
        <translation>{structure}在 {file} 内的勾画</translation>
    </message>
    <message>
        <source>Island {number} of the {structure}</source>
        <translation>{structure}的孤立块 {number}</translation>
    </message>
    <message>
        <source>at {point} in slice {slice}</source>
        <translation>层面 {slice} 中 {point} 处</translation>
    </message>
    <message>
        <source>{drawn} is held back most by what lies {place}: hiding a place there brings back {share:.0%} of it{counted}.</source>
        <translation>{drawn}：主要因{place}的内容而未被勾画；遮挡那里可恢复其 {share:.0%}{counted}。</translation>
    </message>
    <message>
        <source>{drawn} depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{drawn}：不依赖任何位置；遮挡一处至多减少其 {share:.1%}{counted}。</translation>
    </message>
    <message>
        <source>{drawn} depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{drawn}：最依赖{place}的内容；遮挡那里减少其 {share:.0%}{counted}。</translation>
    </message>
    <message>
        <source>Hiding a place {place} adds {share:.0%} instead.</source>
        <translation>而遮挡{place}反而增加 {share:.0%}。</translation>
    </message>
    <message>
        <source>Hiding a place that holds {place} takes away {amount:.1f} ml of the {structure} on average, and adds {gained:.1f} ml elsewhere.</source>
        <translation>{structure}：遮挡包含{place}的位置，平均减少 {amount:.1f} ml，并在别处增加 {gained:.1f} ml。</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} there</source>
        <translation>{structure}在该处的勾画</translation>
    </message>
    <message>
        <source>a part of {file}</source>
        <translation>{file} 的一部分</translation>
    </message>
    <message>
        <source>a part of island {number}</source>
        <translation>孤立块 {number} 的一部分</translation>
    </message>
    <message>
        <source>{part} needs a reference, which this run had none of; ask about a mask or a point</source>
        <translation>{part} 需要参考，而此次运行没有；请询问掩膜或某个点</translation>
    </message>
    <message>
        <source>nothing is {part} in this run; ask about a mask or a point</source>
        <translation>此次运行中没有这样的部分（{part}）；请询问掩膜或某个点</translation>
    </message>
    <message>
        <source>{drawn} is held back by no place: hiding one brings back {share:.1%} of it at most.</source>
        <translation>{drawn}：不因任何位置而未被勾画；遮挡一处至多恢复其 {share:.1%}。</translation>
    </message>
    <message>
        <source>this run does not explain</source>
        <translation>此次运行未解释</translation>
    </message>
    <message>
        <source>it explains</source>
        <translation>它解释</translation>
    </message>
    <message>
        <source>The {structure} as it is drawn</source>
        <translation>{structure}的全部勾画</translation>
    </message>
    <message>
        <source>a part of the {structure} as it is drawn</source>
        <translation>{structure}勾画的一部分</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} inside the reference</source>
        <translation>{structure}在参考之内的勾画</translation>
    </message>
    <message>
        <source>a part of the reference</source>
        <translation>参考的一部分</translation>
    </message>
    <message>
        <source>The missing part of the {structure}</source>
        <translation>{structure}的缺失部分</translation>
    </message>
    <message>
        <source>a part of what is missing</source>
        <translation>缺失部分的一部分</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} outside the reference</source>
        <translation>{structure}在参考之外的勾画</translation>
    </message>
    <message>
        <source>a part of what is drawn outside the reference</source>
        <translation>参考之外勾画的一部分</translation>
    </message>
    <message>
        <source>The edge of the {structure} ({mm:g} mm to either side)</source>
        <translation>{structure}的边界（两侧各 {mm:g} mm）</translation>
    </message>
    <message>
        <source>a part of the edge</source>
        <translation>边界的一部分</translation>
    </message>
    <message>
        <source>there is no island {number} in the prediction; it has {count}</source>
        <translation>预测中没有孤立块 {number}；共有 {count} 个</translation>
    </message>
    <message>
        <source>The {structure} here depends most on what lies {place}: hiding a place there takes away {share:.0%} of it{counted}.</source>
        <translation>{structure}：此处最依赖{place}的内容；遮挡那里减少其 {share:.0%}{counted}。</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice ({share:.0%}){more}.</source>
        <translation>{structure}：遮挡此处使本层面减少 {amount:.1f} {unit}（{share:.0%}）{more}。</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here; hiding what lies {place} would draw {share:.0%} of it.</source>
        <translation>{structure}：此处未被勾画；遮挡{place}的内容会勾画其 {share:.0%}。</translation>
    </message>
    <message>
        <source>The {structure} here depends on no place: hiding one takes away {share:.1%} of it at most{counted}.</source>
        <translation>{structure}：此处不依赖任何位置；遮挡一处至多减少其 {share:.1%}{counted}。</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure} in this slice.</source>
        <translation>{structure}：遮挡此处在本层面没有任何改变。</translation>
    </message>
    <message>
        <source>, and adds {amount:.1f} {unit}</source>
        <translation>，并增加 {amount:.1f} {unit}</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure}{more}.</source>
        <translation>{structure}：遮挡此处减少 {amount:.1f} {unit}{more}。</translation>
    </message>
    <message>
        <source>Hiding this place takes away {amount:.1f} {unit} of the {structure} in this slice{more}.</source>
        <translation>{structure}：遮挡此处使本层面减少 {amount:.1f} {unit}{more}。</translation>
    </message>
    <message>
        <source>Hiding this place changes nothing of the {structure}.</source>
        <translation>{structure}：遮挡此处没有任何改变。</translation>
    </message>
    <message>
        <source>the point {point} lies outside the scan; ask about a place inside it</source>
        <translation>点 {point} 在扫描之外；请询问扫描内的位置</translation>
    </message>
    <message>
        <source>slice {slice} was not explained; slices {slices} were</source>
        <translation>层面 {slice} 未被解释；已解释的是 {slices}</translation>
    </message>
    <message>
        <source>The {structure} is not drawn here, and hiding no place changes that.</source>
        <translation>{structure}：此处未被勾画，遮挡任何位置都不改变这一点。</translation>
    </message>
    <message>
        <source>slices {slices}: {reason}</source>
        <translation>层面 {slices}：{reason}</translation>
    </message>
    <message>
        <source>found in no explained slice: {structures}</source>
        <translation>在已解释的层面中均未找到：{structures}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slice {slices}</source>
        <translation>{structure}：{total} 幅图中 {count} 幅是平的，层面 {slices}</translation>
    </message>
    <message>
        <source>{count} of {total} maps of {structure} are flat: slices {slices}</source>
        <translation>{structure}：{total} 幅图中 {count} 幅是平的，层面 {slices}</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in opposite orders ({value:.2f}; 1 is the same, −1 is reversed).</source>
        <translation>{structure}：两幅图对位置的排序相反（{value:.2f}；1 为相同，−1 为相反）。</translation>
    </message>
    <message>
        <source>in slice {slice}</source>
        <translation>在层面 {slice} 中</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in nearly the same order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}：两幅图对位置的排序几乎相同（{value:.2f}；1 为相同，0 为无关）。</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in a similar order ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}：两幅图对位置的排序相似（{value:.2f}；1 为相同，0 为无关）。</translation>
    </message>
    <message>
        <source>The two maps of the {structure} put places in unrelated orders ({value:.2f}; 1 is the same, 0 is unrelated).</source>
        <translation>{structure}：两幅图对位置的排序无关（{value:.2f}；1 为相同，0 为无关）。</translation>
    </message>
    <message>
        <source>the two runs are of different scans, or of one that was resampled or moved between them ({first} and {second} voxels); choose two runs of one scan</source>
        <translation>两次运行针对不同的扫描，或同一扫描在其间被重采样或移动（{first} 与 {second} 体素）；请选择同一扫描上的两次运行</translation>
    </message>
    <message>
        <source>the two runs share no slice: {first} and {second}; explain the same ones</source>
        <translation>两次运行没有共同的层面：{first} 与 {second}；请解释相同的层面</translation>
    </message>
    <message>
        <source>the two runs share no structure: {first}; {second}. Choose two runs of one structure</source>
        <translation>两次运行没有共同的结构：{first}；{second}。请选择针对同一结构的两次运行</translation>
    </message>
    <message>
        <source>Of the two maps of the {structure} one is flat.</source>
        <translation>{structure}：两幅图之一是平的。</translation>
    </message>
    <message>
        <source>The maps nowhere differ by much.</source>
        <translation>两幅图各处差别都不大。</translation>
    </message>
    <message>
        <source>Dice of the two predictions: {dice:.2f}.</source>
        <translation>两个预测的 Dice：{dice:.2f}。</translation>
    </message>
    <message>
        <source>In {share:.1%} of the places they differ by more than the samples of both explain (5% would by chance).</source>
        <translation>在 {share:.1%} 的位置，差别超过两者样本所能解释的程度（随机情况下为 5%）。</translation>
    </message>
    <message>
        <source>not both runs explain</source>
        <translation>并非两次运行都解释</translation>
    </message>
    <message>
        <source>both explain</source>
        <translation>两者都解释</translation>
    </message>
    <message>
        <source>They differ most {place}: a drop of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>差别最大处：{place}；第一幅下降 {first:.2f}，第二幅 {second:.2f}。</translation>
    </message>
    <message>
        <source>They differ most {place}: a share of its own largest value of {first:.2f} in the first, {second:.2f} in the second.</source>
        <translation>差别最大处：{place}；占自身最大值的份额第一幅 {first:.2f}，第二幅 {second:.2f}。</translation>
    </message>
    <message>
        <source>{count} tiles, one of which takes {each}: about {time} for the model's own prediction</source>
        <translation>{count} 个图块，每块 {each}：模型自身的预测约需 {time}</translation>
    </message>
    <message>
        <source>{way} and {other} its middle</source>
        <translation>其中心{way}、{other}处</translation>
    </message>
    <message>
        <source>{way} and {other} this place</source>
        <translation>此处{way}、{other}处</translation>
    </message>
    <message>
        <source>at its middle</source>
        <translation>其中心处</translation>
    </message>
    <message>
        <source>{way} its middle</source>
        <translation>其中心{way}处</translation>
    </message>
    <message>
        <source>at this place</source>
        <translation>此处</translation>
    </message>
    <message>
        <source>{way} this place</source>
        <translation>此处{way}处</translation>
    </message>
    <message>
        <source>{way} and {other} the middle of the {structure}</source>
        <translation>{structure}中心{way}、{other}处</translation>
    </message>
    <message>
        <source>{mm:.0f} mm left of</source>
        <translation>左侧 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>{mm:.0f} mm right of</source>
        <translation>右侧 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>at the middle of the {structure}</source>
        <translation>{structure}中心处</translation>
    </message>
    <message>
        <source>{way} the middle of the {structure}</source>
        <translation>{structure}中心{way}处</translation>
    </message>
    <message>
        <source>{mm:.0f} mm above</source>
        <translation>上方 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>{mm:.0f} mm below</source>
        <translation>下方 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>{mm:.0f} mm behind</source>
        <translation>后方 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>{mm:.0f} mm in front of</source>
        <translation>前方 {mm:.0f} mm</translation>
    </message>
    <message>
        <source>the evidence was switched off</source>
        <translation>检验已关闭</translation>
    </message>
    <message>
        <source>stopped by the user</source>
        <translation>由用户停止</translation>
    </message>
    <message>
        <source>a test failed: {error}</source>
        <translation>一项检验失败：{error}</translation>
    </message>
    <message>
        <source>the map of {what} is coarse: it was stopped by the user after {count} evaluations</source>
        <translation>该图较粗（{what}）：由用户在 {count} 次模型运行后停止</translation>
    </message>
    <message>
        <source>no slice could be explained: {reasons:; }. Name another structure, region or slices (the model is {model}, the scan is {modality})</source>
        <translation>没有可解释的层面：{reasons:; }。请指定其他结构、区域或层面（模型为 {model}，扫描为 {modality}）</translation>
    </message>
    <message>
        <source>evidence</source>
        <translation>正在检验</translation>
    </message>
    <message>
        <source>stopped by the user after {count} of {total} slices</source>
        <translation>由用户在完成 {total} 层中的 {count} 层后停止</translation>
    </message>
    <message>
        <source>what each image of {what} does is not complete: it was stopped by the user</source>
        <translation>各图像的作用不完整（{what}）：由用户停止</translation>
    </message>
    <message>
        <source>measuring</source>
        <translation>正在测量</translation>
    </message>
    <message>
        <source>the model took too long</source>
        <translation>模型耗时过长</translation>
    </message>
    <message>
        <source>the volume</source>
        <translation>体数据</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>层面 {slice}</translation>
    </message>
    <message>
        <source>ended after {count} of {total} slices: {error}</source>
        <translation>完成 {total} 层中的 {count} 层后结束：{error}</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean, or say --modality CT if it is one</source>
        <translation>填充 {fill} 是 CT 值；{what} 为 {modality}：请选择 blur 或 mean；若确为 CT，请用 --modality CT</translation>
    </message>
    <message>
        <source>fill {fill} is a CT number; {what} is {modality}: choose blur or mean</source>
        <translation>填充 {fill} 是 CT 值；{what} 为 {modality}：请选择 blur 或 mean</translation>
    </message>
    <message>
        <source>what each image is worth is computed exactly for {most} at most; here are {count}</source>
        <translation>每幅图像的贡献至多对 {most} 幅精确计算；此处有 {count} 幅</translation>
    </message>
    <message>
        <source>{count} labelled slices hold it; label at least {least}</source>
        <translation>{count} 个已标注层面含有它；请至少标注 {least} 个</translation>
    </message>
    <message>
        <source>{count} shots are too few; give at least {least}, such as 8</source>
        <translation>{count} 个层面太少；请至少 {least} 个，例如 8</translation>
    </message>
    <message>
        <source>there are no labels to learn from; give a mask or a label map of the scan</source>
        <translation>没有可供学习的标注；请提供扫描的掩膜或标签图</translation>
    </message>
    <message>
        <source>{structure}: no labelled slice is left to measure on; label more than {least}</source>
        <translation>{structure}：没有剩余的已标注层面可供测量；请标注超过 {least} 个</translation>
    </message>
    <message>
        <source>{structure}: only {count} labelled slices hold it, and all are used as shots</source>
        <translation>{structure}：只有 {count} 个已标注层面含有它，全部用于学习</translation>
    </message>
    <message>
        <source>{structure}: no slice is known to be without it, so that nothing is learned of other levels</source>
        <translation>{structure}：没有已知不含它的层面，因此无法学习其他高度</translation>
    </message>
    <message>
        <source>{structure}: learned prompts are no better than its words ({learned:.3f}, {plain:.3f})</source>
        <translation>{structure}：学习的描述不优于普通描述（{learned:.3f}，{plain:.3f}）</translation>
    </message>
    <message>
        <source>{structure} in the slices {slices}: {error}</source>
        <translation>层面 {slices} 中的{structure}：{error}</translation>
    </message>
    <message>
        <source>not compared with a prediction: {error}</source>
        <translation>未与预测比较：{error}</translation>
    </message>
    <message>
        <source>the reference holds none of the structures</source>
        <translation>参考中没有任何所选结构</translation>
    </message>
    <message>
        <source>the model finds none of the structures</source>
        <translation>模型未找到任何所选结构</translation>
    </message>
    <message>
        <source>the reference holds no more than {area:g} mm2 of the structures</source>
        <translation>参考中的结构不超过 {area:g} mm²</translation>
    </message>
    <message>
        <source>the model finds no more than {area:g} mm2 of the structures</source>
        <translation>模型找到的结构不超过 {area:g} mm²</translation>
    </message>
    <message>
        <source>the slices that hold at least a tenth of that were explained; stray pixels look like this as well</source>
        <translation>已解释至少含其十分之一的层面；零散像素也会如此</translation>
    </message>
    <message>
        <source>to explain it, name its slices: slices {slice}, or {range}</source>
        <translation>若要解释它，请指定其层面：{slice} 或 {range}</translation>
    </message>
    <message>
        <source>{structure}: the prediction is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}：预测在任何层面都不超过 {area:.3g} mm²，而自动选择需要 {least:g} mm²；{advice}</translation>
    </message>
    <message>
        <source>{structure}: the reference is no larger than {area:.3g} mm2 in any slice, and slices auto asks for {least:g} mm2; {advice}</source>
        <translation>{structure}：参考在任何层面都不超过 {area:.3g} mm²，而自动选择需要 {least:g} mm²；{advice}</translation>
    </message>
    <message>
        <source>first run of the model, on {size} voxels ({millions:.1f} million)</source>
        <translation>首次运行模型，{size} 体素（{millions:.1f} 百万）</translation>
    </message>
    <message>
        <source>{said}, {least:.1f} GB of memory at least</source>
        <translation>{said}，至少 {least:.1f} GB 内存</translation>
    </message>
    <message>
        <source>preparing the volume</source>
        <translation>正在准备体数据</translation>
    </message>
    <message>
        <source>{done} of {total} evaluations</source>
        <translation>模型运行 {done} / {total}</translation>
    </message>
    <message>
        <source>{model} gets {size} voxels at once and needs {least:.1f} GB of memory at least for each evaluation; {free:.1f} GB are free. Give a larger spacing or a smaller size in its sidecar, crop or resample the scan, or use a machine with more memory</source>
        <translation>{model} 一次接收 {size} 体素，每次运行至少需要 {least:.1f} GB 内存；空闲 {free:.1f} GB。请在其配套文件中给出更大的间距或更小的尺寸，裁剪或重采样扫描，或使用内存更大的计算机</translation>
    </message>
    <message>
        <source>the {source} region is thinner than a voxel of the model</source>
        <translation>区域比模型的一个体素还薄（{source}）</translation>
    </message>
    <message>
        <source>{file} in {folder} is damaged ({reason}); run it again, or get the folder again</source>
        <translation>{folder} 中的 {file} 已损坏（{reason}）；请重新运行，或重新获取该文件夹</translation>
    </message>
    <message>
        <source>{folder} holds no explanation ({reason}); give the folder of a finished run</source>
        <translation>{folder} 中没有解释（{reason}）；请给出已完成运行的文件夹</translation>
    </message>
    <message>
        <source>with the fill {fill} on slices {slices}</source>
        <translation>在层面 {slices} 中以{fill}填充</translation>
    </message>
    <message>
        <source>not tested in that slice; on slices {slices} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>该层面未检验；在层面 {slices} 中，当层最重要的位置以{fill}填充时至多减少 {share:.0%}</translation>
    </message>
    <message>
        <source>hiding it takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>以{fill}填充遮挡它减少其余部分的 {share:.1%}，以{other_fill}填充则为 {other_share:.1%}</translation>
    </message>
    <message>
        <source>Whether one place matters for the rest of the {structure} cannot be told</source>
        <translation>{structure}：无法判断是否有某个位置影响其余部分</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding it takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}：对其余部分最重要的位置在{place}；遮挡它减少未遮挡部分的 {share:.0%}</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: 1 other structure</source>
        <translation>以{fill}填充遮挡：另外 1 个结构</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}, the {third} {third_share:.0%}</source>
        <translation>{structure}：依赖其他结构；遮挡{other}减少其 {share:.0%}，{second} {second_share:.0%}，{third} {third_share:.0%}</translation>
    </message>
    <message>
        <source>What is drawn of the {structure} without being seen lies mostly {place}</source>
        <translation>{structure}：未被看到却被勾画的部分主要在{place}</translation>
    </message>
    <message>
        <source>the same run on a model that only loses what is hidden</source>
        <translation>在只丢失被遮挡部分的模型上的同样运行</translation>
    </message>
    <message>
        <source>The map of the drop is more than the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}：下降图不只是形状（与不需要模型的图的秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>with the fill {fill}</source>
        <translation>以{fill}填充</translation>
    </message>
    <message>
        <source>with the fill {fill} on slice {slice}</source>
        <translation>在层面 {slice} 中以{fill}填充</translation>
    </message>
    <message>
        <source>not tested under another fill</source>
        <translation>未用其他填充检验</translation>
    </message>
    <message>
        <source>{share:.0%} still drawn {where}</source>
        <translation>{where}仍勾画 {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from what is there: where it is hidden, {share:.0%} of it goes</source>
        <translation>{structure}：依据该处本身的内容勾画；遮挡之处，其 {share:.0%} 消失</translation>
    </message>
    <message>
        <source>the same place takes away {share:.0%} with the fill {fill}</source>
        <translation>同一位置以{fill}填充减少 {share:.0%}</translation>
    </message>
    <message>
        <source>not tested in that slice; the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>该层面未检验；当层最重要的位置以{fill}填充时至多减少 {share:.0%}</translation>
    </message>
    <message>
        <source>not tested in that slice; on slice {slice} the place that matters most there takes away up to {share:.0%} with the fill {fill}</source>
        <translation>该层面未检验；在层面 {slice} 中，当层最重要的位置以{fill}填充时至多减少 {share:.0%}</translation>
    </message>
    <message>
        <source>No place matters for the rest of the {structure}: hiding one takes away {share:.1%} of the rest at most</source>
        <translation>{structure}：没有位置影响其余部分；遮挡一处至多减少其余部分的 {share:.1%}</translation>
    </message>
    <message>
        <source>Which place matters most for the rest of the {structure} cannot be told</source>
        <translation>{structure}：无法判断哪个位置对其余部分最重要</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest with the fill {fill}, {other_share:.1%} with {other_fill}</source>
        <translation>以{fill}填充遮挡一处减少其余部分的 {share:.1%}，以{other_fill}填充则为 {other_share:.1%}</translation>
    </message>
    <message>
        <source>The place that matters most for the rest of the {structure} lies {place}: hiding a place of {size:.0f} mm there takes away {share:.0%} of what is not hidden</source>
        <translation>{structure}：对其余部分最重要的位置在{place}；在那里遮挡 {size:.0f} mm 减少未遮挡部分的 {share:.0%}</translation>
    </message>
    <message>
        <source>hidden with the fill {fill}: {count} other structures one at a time</source>
        <translation>以{fill}填充逐一遮挡：另外 {count} 个结构</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it</source>
        <translation>{structure}：不依赖其他结构；遮挡{other}减少其 {share:.1%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it</source>
        <translation>{structure}：依赖其他结构；遮挡{other}减少其 {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} needs other structures: hiding the {other} takes away {share:.0%} of it, the {second} {second_share:.0%}</source>
        <translation>{structure}：依赖其他结构；遮挡{other}减少其 {share:.0%}，{second} {second_share:.0%}</translation>
    </message>
    <message>
        <source>The map of the drop is the {structure}'s shape (rank correlation {value:.2f} with a map that needs no model): it says where it is, not why</source>
        <translation>{structure}：下降图就是形状（与不需要模型的图的秩相关 {value:.2f}）；它说明在哪里，而不是为什么</translation>
    </message>
    <message>
        <source>Whether the map of the drop is more than the {structure}'s shape cannot be told (rank correlation {value:.2f} with a map that needs no model)</source>
        <translation>{structure}：无法判断下降图是否不只是形状（与不需要模型的图的秩相关 {value:.2f}）</translation>
    </message>
    <message>
        <source>no place is known to matter for the rest, {where}</source>
        <translation>未知有位置影响其余部分，{where}</translation>
    </message>
    <message>
        <source>Whether the {structure} is drawn from what is there or from its surroundings cannot be told</source>
        <translation>{structure}：无法判断是依据该处本身还是依据周围勾画</translation>
    </message>
    <message>
        <source>of what is hidden {share:.0%} is still drawn with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>被遮挡部分以{fill}填充仍勾画 {share:.0%}，以{other_fill}填充为 {other_share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} is drawn from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}：依据周围勾画；遮挡之处，仍勾画其 {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} is drawn in part from its surroundings: where it is hidden, {share:.0%} of it is still drawn</source>
        <translation>{structure}：部分依据周围勾画；遮挡之处，仍勾画其 {share:.0%}</translation>
    </message>
    <message>
        <source>hiding one takes away {share:.1%} of the rest, or {most:.1%} with the standard error</source>
        <translation>遮挡一处减少其余部分的 {share:.1%}，计入标准误则为 {most:.1%}</translation>
    </message>
    <message>
        <source>The {structure} needs no other structure: hiding the {other} takes away {share:.1%} of it, and no other more</source>
        <translation>{structure}：不依赖其他结构；遮挡{other}减少其 {share:.1%}，其他均不超过</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slices {slices}, {much}; the map can't show it</source>
        <translation>{structure}：在层面 {slices} 中，有未扰动的位置产生影响，{much}；该图无法显示它</translation>
    </message>
    <message>
        <source>{share:.0%} as much as all that was perturbed</source>
        <translation>为全部扰动部分的 {share:.0%}</translation>
    </message>
    <message>
        <source>up to {share}</source>
        <translation>至多{share}</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters, {much}; the map can't show it</source>
        <translation>{structure}：有未扰动的位置产生影响，{much}；该图无法显示它</translation>
    </message>
    <message>
        <source>{structure}: a place that was not perturbed matters in slice {slice}, {much}; the map can't show it</source>
        <translation>{structure}：在层面 {slice} 中，有未扰动的位置产生影响，{much}；该图无法显示它</translation>
    </message>
    <message>
        <source>{times:.1f} times all that was perturbed</source>
        <translation>为全部扰动部分的 {times:.1f} 倍</translation>
    </message>
    <message>
        <source>and nothing else</source>
        <translation>且仅此而已</translation>
    </message>
    <message>
        <source>evidence: {reason}</source>
        <translation>检验：{reason}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs cannot be told: hiding all of them takes away {share:.1%} of its score</source>
        <translation>{structure}：无法判断依赖哪幅图像；全部遮挡减少得分的 {share:.1%}</translation>
    </message>
    <message>
        <source>hidden in the whole region with the fill {fill}</source>
        <translation>在整个区域以{fill}填充遮挡</translation>
    </message>
    <message>
        <source>The {structure} hangs on no image alone: of what is lost when all are hidden {shares}</source>
        <translation>{structure}：不单独依赖任何一幅图像；全部遮挡时的损失中：{shares}</translation>
    </message>
    <message>
        <source>On which image the {structure} hangs most cannot be told: {image} has {share:.0%} of what is lost when all are hidden with the fill {fill}, {other_share:.0%} with {other_fill}</source>
        <translation>{structure}：无法判断最依赖哪幅图像；以{fill}填充全部遮挡时 {image} 占损失的 {share:.0%}，以{other_fill}填充为 {other_share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden</source>
        <translation>{structure}：主要依赖 {image}；占全部图像遮挡时损失的 {share:.0%}</translation>
    </message>
    <message>
        <source>The {structure} hangs mostly on {image}: {share:.0%} of what is lost when all images are hidden, {others}</source>
        <translation>{structure}：主要依赖 {image}；占全部图像遮挡时损失的 {share:.0%}，{others}</translation>
    </message>
    <message>
        <source>slices {slices}</source>
        <translation>层面 {slices}</translation>
    </message>
    <message>
        <source>the volumes, {numbers} and {report} are in {folder}, the pictures are missing ({reason})</source>
        <translation>体数据、{numbers} 和 {report} 在 {folder} 中，图片缺失（{reason}）</translation>
    </message>
    <message>
        <source>the explanation in {folder} is damaged ({reason}); run it again</source>
        <translation>{folder} 中的解释已损坏（{reason}）；请重新运行</translation>
    </message>
    <message>
        <source>{file} holds no segment in the scan; give one that lies on it</source>
        <translation>{file} 在扫描中没有分割段；请提供位于其上的</translation>
    </message>
    <message>
        <source>{file} holds nothing of the {structures} in the scan</source>
        <translation>{file} 在扫描中不含：{structures}</translation>
    </message>
    <message>
        <source>{file} is the scan itself, not a label map; give the file with the labels</source>
        <translation>{file} 是扫描本身，不是标签图；请给出标签文件</translation>
    </message>
    <message>
        <source>{share:.0%} of what is labelled in {file} lies outside the scan</source>
        <translation>{file} 中 {share:.0%} 的标注在扫描之外</translation>
    </message>
    <message>
        <source>{file} covers {share:.0%} of the scan; the rest counts as not labelled</source>
        <translation>{file} 覆盖扫描的 {share:.0%}；其余视为未标注</translation>
    </message>
    <message>
        <source>the model draws {structure} where the words find none (presence {model:.2f} and {words:.2f})</source>
        <translation>模型画出了{structure}，而文字没有找到（存在概率 {model:.2f} 和 {words:.2f}）</translation>
    </message>
    <message>
        <source>the words find {structure} where the model draws none (presence {words:.2f} and {model:.2f})</source>
        <translation>文字找到了{structure}，而模型没有画出（存在概率 {words:.2f} 和 {model:.2f}）</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher around the model's prediction than in it: try another strategy, other words or negative prompts</source>
        <translation>与{structure}的相似度似乎颠倒，模型预测周围高于其内部：请尝试其他比较方式、其他描述或否定描述</translation>
    </message>
    <message>
        <source>the {source} region is empty</source>
        <translation>区域为空（{source}）</translation>
    </message>
    <message>
        <source>the similarity to {structure} looks inverted, higher in the air round the patient than in the patient: try another strategy, other words or negative prompts</source>
        <translation>与{structure}的相似度似乎颠倒，患者周围空气中高于患者体内：请尝试其他比较方式、其他描述或否定描述</translation>
    </message>
    <message>
        <source>{reason}: the box of the model's prediction, {mm:g} mm wider, is used</source>
        <translation>{reason}：使用模型预测的外框，加宽 {mm:g} mm</translation>
    </message>
    <message>
        <source>{mm:g} mm round the prediction fill the slice: the region leaves nothing out; a smaller dilation gives a smaller one</source>
        <translation>预测周围 {mm:g} mm 填满整层：区域没有排除任何内容；较小的边距会得到较小的区域</translation>
    </message>
    <message>
        <source>the region holds less than {share:.0%} of the prediction</source>
        <translation>区域包含的预测不足 {share:.0%}</translation>
    </message>
    <message>
        <source>Otsu's threshold is refused for {structure}, whose similarity has no two levels: {level:g} is used</source>
        <translation>{structure}的相似度没有两个水平，不采用 Otsu 阈值：使用 {level:g}</translation>
    </message>
    <message>
        <source>threshold {threshold:g} is below {least}: the region may hold much that was not asked for</source>
        <translation>阈值 {threshold:g} 低于 {least}：区域可能包含许多并非所求的内容</translation>
    </message>
    <message>
        <source>the region covers {share:.0%} of the body at threshold {level:g}</source>
        <translation>阈值 {level:g} 时区域覆盖身体的 {share:.0%}</translation>
    </message>
    <message>
        <source>threshold raised from {threshold:g} to {level:g}</source>
        <translation>阈值由 {threshold:g} 提高到 {level:g}</translation>
    </message>
    <message>
        <source>taken for {modality} from its values (--modality says otherwise)</source>
        <translation>根据数值视为 {modality}（可由 --modality 更改）</translation>
    </message>
    <message>
        <source>the file says that the scan is {file}; it is taken for {modality}, as was asked for</source>
        <translation>文件标明扫描为 {file}；按要求视为 {modality}</translation>
    </message>
    <message>
        <source>{offset} was taken off the scan's values to make Hounsfield units of them: they are whole numbers from {low:g} up, with air near 0, soft tissue near {offset} and hardly anything between</source>
        <translation>已从扫描数值中减去 {offset} 以得到 Hounsfield 单位：它们是从 {low:g} 起的整数，空气近 0，软组织近 {offset}，其间几乎没有</translation>
    </message>
    <message>
        <source>{scan} is said to be a CT, but its values from {low:g} to {high:g} are no Hounsfield units, and not surely such with {offset} added (air near 0, water near {offset}): convert it (stored value x slope + intercept), or give --modality OT to take the values as they are</source>
        <translation>{scan}被标为 CT，但其 {low:g} 至 {high:g} 的数值不是 Hounsfield 单位，也不确定是加了 {offset} 的（空气近 0，水近 {offset}）：请转换（存储值 x 斜率 + 截距），或用 --modality OT 按原值使用</translation>
    </message>
    <message>
        <source>the scan has no air (its lowest value is {low:g} HU): it may have been cut to a window</source>
        <translation>扫描中没有空气（最低值 {low:g} HU）：可能已按窗位截断</translation>
    </message>
    <message>
        <source>there is no checkpoint {path}; give the path of a file on this machine</source>
        <translation>没有检查点 {path}；请给出本机文件的路径</translation>
    </message>
    <message>
        <source>{file} can't be read as a checkpoint ({reason}); get the file again</source>
        <translation>无法将 {file} 读作检查点（{reason}）；请重新获取文件</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>本机没有 {name}，未经同意不会下载：来源为 {url}；请加 --download，或用 `xaiclip models download`</translation>
    </message>
    <message>
        <source>{name} is not on this machine, and {by} forbids to download it; unset {by}, or download it elsewhere</source>
        <translation>本机没有 {name}，且 {by} 禁止下载；请取消 {by}，或在别处下载</translation>
    </message>
    <message>
        <source>{name} is damaged (its checksum is wrong), and nothing is downloaded unless you agree: it comes from {url}; add --download, or use `xaiclip models download`</source>
        <translation>{name} 已损坏（校验和不符），未经同意不会下载：来源为 {url}；请加 --download，或用 `xaiclip models download`</translation>
    </message>
    <message>
        <source>the worker failed: {kind}: {error} (the whole story is in the log)</source>
        <translation>计算进程失败：{kind}：{error}（详见日志）</translation>
    </message>
    <message>
        <source>a Python package can't be imported ({error}); install what is missing, then try again</source>
        <translation>无法导入 Python 包（{error}）；请安装缺少的内容，然后重试</translation>
    </message>
    <message>
        <source>a file can't be used ({error}); check its path, the rights and the room on the disk</source>
        <translation>无法使用文件（{error}）；请检查路径、权限和磁盘空间</translation>
    </message>
    <message>
        <source>memory ran out; close other programs, choose fewer slices, or another device</source>
        <translation>内存不足；请关闭其他程序、选择更少的层面或其他设备</translation>
    </message>
    <message>
        <source>stopped by the user before it began</source>
        <translation>开始前由用户停止</translation>
    </message>
    <message>
        <source>drawing</source>
        <translation>正在绘制</translation>
    </message>
    <message>
        <source>slice {slice} lies outside the scan, which has slices 0 to {last}</source>
        <translation>层面 {slice} 在扫描之外，扫描有层面 0 至 {last}</translation>
    </message>
    <message>
        <source>saving</source>
        <translation>正在保存</translation>
    </message>
</context>
<context>
    <name>MattersPart</name>
    <message>
        <source>Click a row: all views go there, and the answer is shown.</source>
        <translation>单击一行：所有视图跳到该处，并显示回答。</translation>
    </message>
    <message>
        <source>What matters</source>
        <translation>重点</translation>
    </message>
    <message>
        <source>What the chosen row is about.</source>
        <translation>所选行的内容。</translation>
    </message>
</context>
<context>
    <name>XAICLIP</name>
    <message>
        <source>S&amp;can:</source>
        <translation>扫描(&amp;C)：</translation>
    </message>
    <message>
        <source>The scan in which the model's segmentation is to be explained.</source>
        <translation>要解释其中模型分割的扫描。</translation>
    </message>
    <message>
        <source>Choose a scan</source>
        <translation>选择扫描</translation>
    </message>
    <message>
        <source>Sample &amp;data</source>
        <translation>示例数据(&amp;D)</translation>
    </message>
    <message>
        <source>Draw a synthetic CT of the upper abdomen, with liver, spleen, kidneys and more, to try things on. Nothing is downloaded.</source>
        <translation>绘制上腹部的合成 CT，含肝、脾、肾等，供试用。不下载任何内容。</translation>
    </message>
    <message>
        <source>S&amp;tructures:</source>
        <translation>结构(&amp;T)：</translation>
    </message>
    <message>
        <source>Type to search the list. Enter ticks the first match; a text that is not in the list is used in your own words.</source>
        <translation>键入以搜索列表。回车勾选第一个匹配项；列表中没有的文字按您自己的描述使用。</translation>
    </message>
    <message>
        <source>Search, or type your own words</source>
        <translation>搜索，或输入您自己的描述</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>结构</translation>
    </message>
    <message>
        <source>Tick what is to be explained. Structures in grey are not segmented by the model: their region can be shown, but not explained.</source>
        <translation>勾选要解释的结构。灰色结构模型不分割：可以显示其区域，但不能解释。</translation>
    </message>
    <message>
        <source>What is ticked.</source>
        <translation>已勾选的内容。</translation>
    </message>
    <message>
        <source>Sl&amp;ices:</source>
        <translation>层面(&amp;I)：</translation>
    </message>
    <message>
        <source>Which axial slices are explained. One slice takes seconds; all of them are needed for the 3D view.</source>
        <translation>解释哪些轴位层面。一个层面需要几秒；三维视图需要全部层面。</translation>
    </message>
    <message>
        <source>&amp;From, to:</source>
        <translation>从，到(&amp;F)：</translation>
    </message>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>第一个和最后一个轴位层面，从足侧数起。轴位视图跟随被移动的一端。</translation>
    </message>
    <message>
        <source>&amp;Model:</source>
        <translation>模型(&amp;M)：</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>要解释的分割模型。</translation>
    </message>
    <message>
        <source>On this mac&amp;hine:</source>
        <translation>在本机(&amp;H)：</translation>
    </message>
    <message>
        <source>The models that TotalSegmentator, nnU-Net, MONAIAuto3DSeg and other programs have left on this machine.</source>
        <translation>TotalSegmentator、nnU-Net、MONAIAuto3DSeg 等程序留在本机上的模型。</translation>
    </message>
    <message>
        <source>Seg&amp;ment:</source>
        <translation>分割段(&amp;M)：</translation>
    </message>
    <message>
        <source>A segment that a model has made; the model is found from what its extension left in the scene.</source>
        <translation>由模型生成的分割段；根据其扩展在场景中留下的信息找到模型。</translation>
    </message>
    <message>
        <source>Fi&amp;le:</source>
        <translation>文件(&amp;L)：</translation>
    </message>
    <message>
        <source>The model's file or folder: TorchScript, ONNX, a MONAI bundle, an nnU-Net folder, or a SAM checkpoint.</source>
        <translation>模型的文件或文件夹：TorchScript、ONNX、MONAI bundle、nnU-Net 文件夹或 SAM 检查点。</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>选择模型的文件夹</translation>
    </message>
    <message>
        <source>F&amp;older…</source>
        <translation>文件夹(&amp;O)…</translation>
    </message>
    <message>
        <source>Choose a folder: a MONAI bundle or an nnU-Net model.</source>
        <translation>选择文件夹：MONAI bundle 或 nnU-Net 模型。</translation>
    </message>
    <message>
        <source>Which model made the segment, and whether its prediction today is the segment in the scene.</source>
        <translation>哪个模型生成了该分割段，以及它现在的预测是否与场景中的分割段一致。</translation>
    </message>
    <message>
        <source>Image &amp;2:</source>
        <translation>图像 2(&amp;2)：</translation>
    </message>
    <message>
        <source>A further image of the patient, registered to the volume, which the model takes as its next channel. It is brought to the volume's grid.</source>
        <translation>患者的另一幅图像，已配准到该体数据，作为模型的下一个通道。它会被重采样到该体数据的网格。</translation>
    </message>
    <message>
        <source>Choose an image</source>
        <translation>选择图像</translation>
    </message>
    <message>
        <source>Image &amp;3:</source>
        <translation>图像 3(&amp;3)：</translation>
    </message>
    <message>
        <source>Image &amp;4:</source>
        <translation>图像 4(&amp;4)：</translation>
    </message>
    <message>
        <source>What the model is and which structures it segments.</source>
        <translation>该模型是什么，以及分割哪些结构。</translation>
    </message>
    <message>
        <source>What is set under Advanced, in words.</source>
        <translation>“高级”中的设置，用文字表示。</translation>
    </message>
    <message>
        <source>&amp;Advanced</source>
        <translation>高级(&amp;A)</translation>
    </message>
    <message>
        <source>Region, language model, method, images and learning: everything that can be set beside the question itself.</source>
        <translation>区域、语言模型、方法、图像与学习：除问题本身之外可设置的一切。</translation>
    </message>
    <message>
        <source>Re&amp;gion</source>
        <translation>区域(&amp;G)</translation>
    </message>
    <message>
        <source>Where the scan may be hidden, and its preview.</source>
        <translation>扫描中允许遮挡的位置及其预览。</translation>
    </message>
    <message>
        <source>&amp;Look in:</source>
        <translation>查找范围(&amp;L)：</translation>
    </message>
    <message>
        <source>Where the scan may be perturbed. Everything outside stays as it is.</source>
        <translation>扫描中允许扰动的位置。其外的一切保持不变。</translation>
    </message>
    <message>
        <source>Se&amp;gment:</source>
        <translation>分割段(&amp;G)：</translation>
    </message>
    <message>
        <source>The segment that is used as the region, as it is.</source>
        <translation>原样用作区域的分割段。</translation>
    </message>
    <message>
        <source>&amp;Box:</source>
        <translation>方框(&amp;B)：</translation>
    </message>
    <message>
        <source>A markups ROI box; choose “Create new” and drag its handles in the views.</source>
        <translation>Markups ROI 方框；选择“新建”，然后在视图中拖动其手柄。</translation>
    </message>
    <message>
        <source>T&amp;hreshold:</source>
        <translation>阈值(&amp;H)：</translation>
    </message>
    <message>
        <source>Probability from which a pixel belongs to the region. Higher: a smaller, surer region.</source>
        <translation>像素属于区域所需的概率。越高，区域越小、越可靠。</translation>
    </message>
    <message>
        <source>Smoothin&amp;g:</source>
        <translation>平滑(&amp;G)：</translation>
    </message>
    <message>
        <source>Smoothing of the similarity before the threshold, in pixels of a slice 512 pixels wide.</source>
        <translation>阈值之前对相似度的平滑，以 512 像素宽层面的像素计。</translation>
    </message>
    <message>
        <source> px</source>
        <translation> px</translation>
    </message>
    <message>
        <source>Mar&amp;gin:</source>
        <translation>外扩(&amp;G)：</translation>
    </message>
    <message>
        <source>Grow the region by so many millimeters, to see whether the model also looks at what lies around it.</source>
        <translation>将区域外扩若干毫米，以查看模型是否也依据其周围。</translation>
    </message>
    <message>
        <source> mm</source>
        <translation> mm</translation>
    </message>
    <message>
        <source>Pre&amp;view region</source>
        <translation>预览区域(&amp;V)</translation>
    </message>
    <message>
        <source>Show the region and the similarity to the words on the current axial slice; follows the threshold and the slice while it is pressed.</source>
        <translation>在当前轴位层面上显示区域及其与描述的相似度；按下期间随阈值和层面更新。</translation>
    </message>
    <message>
        <source>Edit in Segmen&amp;t Editor</source>
        <translation>在 Segment Editor 中编辑(&amp;T)</translation>
    </message>
    <message>
        <source>Turn the region of the chosen slices into a segmentation and open it in the Segment Editor. The edited region is then used as it is.</source>
        <translation>将所选层面的区域转为分割并在 Segment Editor 中打开。之后原样使用编辑后的区域。</translation>
    </message>
    <message>
        <source>How good the region is: its share of the slice, how much of the model's prediction it holds, and warnings.</source>
        <translation>区域的质量：占层面的比例、包含多少模型预测，以及警告。</translation>
    </message>
    <message>
        <source>How &amp;words are found</source>
        <translation>如何找到描述(&amp;W)</translation>
    </message>
    <message>
        <source>The language model that finds the words in the scan.</source>
        <translation>在扫描中查找描述的语言模型。</translation>
    </message>
    <message>
        <source>Lan&amp;guage model:</source>
        <translation>语言模型(&amp;G)：</translation>
    </message>
    <message>
        <source>The vision-language model that finds the words in the scan: one of the list, hf-hub:OWNER/NAME, local-dir:FOLDER, or ARCHITECTURE:CHECKPOINT of open_clip.</source>
        <translation>在扫描中查找描述的视觉语言模型：列表中的一个、hf-hub:OWNER/NAME、local-dir:FOLDER，或 open_clip 的 ARCHITECTURE:CHECKPOINT。</translation>
    </message>
    <message>
        <source>Do&amp;wnload</source>
        <translation>下载(&amp;W)</translation>
    </message>
    <message>
        <source>Download the model's weights once. Nothing is uploaded.</source>
        <translation>一次性下载模型权重。不上传任何内容。</translation>
    </message>
    <message>
        <source>What the language model is, its licence, and whether it is on this computer.</source>
        <translation>该语言模型是什么、其许可证，以及是否在本机上。</translation>
    </message>
    <message>
        <source>Com&amp;parison:</source>
        <translation>比较方式(&amp;P)：</translation>
    </message>
    <message>
        <source>How the patches of a slice are compared with the words. Try another one where the region is not on the structure.</source>
        <translation>如何将层面的图块与描述比较。区域不在结构上时请换一种。</translation>
    </message>
    <message>
        <source>Lear&amp;ned words:</source>
        <translation>学到的描述(&amp;N)：</translation>
    </message>
    <message>
        <source>A file that was learned from labelled slices with this language model; empty to use the words alone.</source>
        <translation>用此语言模型从已标注层面学得的文件；留空则只用描述本身。</translation>
    </message>
    <message>
        <source>Model and com&amp;puter</source>
        <translation>模型与计算机(&amp;P)</translation>
    </message>
    <message>
        <source>What kind of model it is, what it is pointed with, and where it runs.</source>
        <translation>模型的种类、如何指示位置，以及在哪里运行。</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>种类(&amp;K)：</translation>
    </message>
    <message>
        <source>What the file or folder is. Choose MedSAM or SAM yourself: their files look alike, but they want the scan prepared in different ways.</source>
        <translation>文件或文件夹是什么。MedSAM 或 SAM 请自行选择：它们的文件看起来相同，但要求扫描的预处理方式不同。</translation>
    </message>
    <message>
        <source>Promp&amp;t:</source>
        <translation>提示(&amp;T)：</translation>
    </message>
    <message>
        <source>What MedSAM or SAM is pointed with: a markups ROI box, or a point list, whose deselected points mean what the structure is not. None: the box of the region.</source>
        <translation>用什么向 MedSAM 或 SAM 指示位置：Markups ROI 方框，或点列表，其中未选中的点表示不属于该结构。无：区域的外接框。</translation>
    </message>
    <message>
        <source>The box of the region</source>
        <translation>区域的外接框</translation>
    </message>
    <message>
        <source>Compute &amp;on:</source>
        <translation>计算设备(&amp;O)：</translation>
    </message>
    <message>
        <source>Where the models run. Automatic uses the graphics card where there is one.</source>
        <translation>模型在哪里运行。“自动”在有显卡时使用显卡。</translation>
    </message>
    <message>
        <source>Chec&amp;k model</source>
        <translation>检查模型(&amp;K)</translation>
    </message>
    <message>
        <source>Open the model once and list the structures that it segments.</source>
        <translation>打开一次模型，列出它所分割的结构。</translation>
    </message>
    <message>
        <source>Metho&amp;d</source>
        <translation>方法(&amp;D)</translation>
    </message>
    <message>
        <source>How places are hidden, how finely, and what has to drop.</source>
        <translation>如何遮挡位置、精细程度，以及什么应当下降。</translation>
    </message>
    <message>
        <source>Met&amp;hod:</source>
        <translation>方法(&amp;H)：</translation>
    </message>
    <message>
        <source>Occlusion: a patch slides over the region; easiest to read. Coarse to fine: the same with a small step, at a fraction of the cost. RISE: many random masks. LIME: superpixels and a linear model. KernelSHAP: Shapley values of superpixels. HSIC: statistical dependence on the cells of a grid.</source>
        <translation>遮挡：一个图块在区域上滑动；最易读。由粗到细：步长较小的同一方法，代价只是一小部分。RISE：大量随机掩膜。LIME：超像素与线性模型。KernelSHAP：超像素的 Shapley 值。HSIC：与网格单元的统计依赖。</translation>
    </message>
    <message>
        <source>&amp;Quality:</source>
        <translation>质量(&amp;Q)：</translation>
    </message>
    <message>
        <source>How fine the map is, and how long it takes. The settings below follow.</source>
        <translation>图的精细程度以及所需时间。下方设置随之改变。</translation>
    </message>
    <message>
        <source>F&amp;ill with:</source>
        <translation>填充(&amp;I)：</translation>
    </message>
    <message>
        <source>What is put in the place of what is taken away.</source>
        <translation>在被去除处填入什么。</translation>
    </message>
    <message>
        <source>Meas&amp;ure:</source>
        <translation>度量(&amp;U)：</translation>
    </message>
    <message>
        <source>What has to drop: the overlap with the unperturbed prediction (Dice), or the model's confidence.</source>
        <translation>什么应当下降：与未扰动预测的重叠（Dice），或模型的置信度。</translation>
    </message>
    <message>
        <source>Re&amp;ference:</source>
        <translation>参考(&amp;F)：</translation>
    </message>
    <message>
        <source>What the model's masks are scored against: a segmentation or label map that somebody drew, whose segments are found by terminology or name. None: the model's own unperturbed prediction.</source>
        <translation>与模型掩膜比较的对象：由人勾画的分割或标签图，其分割段按术语或名称查找。无：模型自身未扰动的预测。</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>模型自身的预测</translation>
    </message>
    <message>
        <source>Which segment of the reference stands for which structure.</source>
        <translation>参考中的哪个分割段代表哪个结构。</translation>
    </message>
    <message>
        <source>Also hide each or&amp;gan in turn</source>
        <translation>同时逐个遮挡每个器官(&amp;G)</translation>
    </message>
    <message>
        <source>Hides everything that the model draws, one structure at a time, to answer which organ needs which. One run of the model more for each of them, in each slice.</source>
        <translation>逐个遮挡模型画出的每个结构，以回答哪个器官依赖哪个器官。每个层面中每个结构需多运行一次模型。</translation>
    </message>
    <message>
        <source>Num&amp;bers of the method</source>
        <translation>方法的数值(&amp;B)</translation>
    </message>
    <message>
        <source>The numbers behind the quality.</source>
        <translation>质量背后的数值。</translation>
    </message>
    <message>
        <source>Patch:</source>
        <translation>图块：</translation>
    </message>
    <message>
        <source>Edge of the patch, in pixels of a slice 512 pixels wide.</source>
        <translation>图块边长，以 512 像素宽层面的像素计。</translation>
    </message>
    <message>
        <source>Step:</source>
        <translation>步长：</translation>
    </message>
    <message>
        <source>Step from patch to patch, in the same pixels; at most half of the patch.</source>
        <translation>图块之间的步长，单位相同；最多为图块的一半。</translation>
    </message>
    <message>
        <source>Masks:</source>
        <translation>掩膜：</translation>
    </message>
    <message>
        <source>Number of random masks.</source>
        <translation>随机掩膜的数目。</translation>
    </message>
    <message>
        <source>Grid:</source>
        <translation>网格：</translation>
    </message>
    <message>
        <source>Cells of the grid along each side.</source>
        <translation>网格每边的单元数。</translation>
    </message>
    <message>
        <source>Keep:</source>
        <translation>保留：</translation>
    </message>
    <message>
        <source>Probability that a cell is kept.</source>
        <translation>单元被保留的概率。</translation>
    </message>
    <message>
        <source>Estimator:</source>
        <translation>估计方法：</translation>
    </message>
    <message>
        <source>How scores become a map. Ridge needs the fewest masks; raw is the paper's.</source>
        <translation>得分如何变成图。岭回归所需掩膜最少；“原始”为论文所用。</translation>
    </message>
    <message>
        <source>Samples:</source>
        <translation>样本：</translation>
    </message>
    <message>
        <source>Number of random on/off patterns of the superpixels or cells.</source>
        <translation>超像素或单元的随机开/关组合数目。</translation>
    </message>
    <message>
        <source>Stop at error:</source>
        <translation>误差停止：</translation>
    </message>
    <message>
        <source>Stop early once the map's standard error is below this share of its largest value; 0: never.</source>
        <translation>当图的标准误低于其最大值的此比例时提前停止；0：从不。</translation>
    </message>
    <message>
        <source>Seed:</source>
        <translation>随机种子：</translation>
    </message>
    <message>
        <source>Same seed, same map.</source>
        <translation>种子相同，图相同。</translation>
    </message>
    <message>
        <source>How often the model is run, and how often without a region.</source>
        <translation>模型运行的次数，以及没有区域时的次数。</translation>
    </message>
    <message>
        <source>Ima&amp;ges</source>
        <translation>图像(&amp;G)</translation>
    </message>
    <message>
        <source>How the scan is read and shown to the language model.</source>
        <translation>如何读取扫描并呈现给语言模型。</translation>
    </message>
    <message>
        <source>Modalit&amp;y:</source>
        <translation>模态(&amp;Y)：</translation>
    </message>
    <message>
        <source>What kind of scan it is. Automatic: as its DICOM series says, else as its values look, and the result says that it is a guess.</source>
        <translation>扫描的类型。自动：按其 DICOM 序列，否则按数值判断，结果会说明这是推测。</translation>
    </message>
    <message>
        <source>Co&amp;ntrast:</source>
        <translation>对比度(&amp;N)：</translation>
    </message>
    <message>
        <source>How the scan is shown to the vision-language model. Automatic chooses by modality. The display of the scan in the views is not changed.</source>
        <translation>扫描如何呈现给视觉语言模型。“自动”按模态选择。视图中的显示不变。</translation>
    </message>
    <message>
        <source>Learn from a &amp;segmentation</source>
        <translation>从分割学习(&amp;S)</translation>
    </message>
    <message>
        <source>Teach the language model the ticked structures by some slices that you have labelled.</source>
        <translation>用您标注的若干层面，让语言模型学会勾选的结构。</translation>
    </message>
    <message>
        <source>Segmentatio&amp;n:</source>
        <translation>分割(&amp;N)：</translation>
    </message>
    <message>
        <source>A segmentation or label map of this scan in which the ticked structures are drawn in some slices; segments are found by terminology or name.</source>
        <translation>此扫描的分割或标签图，其中若干层面勾画了已勾选的结构；分割段按术语或名称查找。</translation>
    </message>
    <message>
        <source>Choose one</source>
        <translation>请选择</translation>
    </message>
    <message>
        <source>Slices to lear&amp;n from:</source>
        <translation>学习用层面(&amp;N)：</translation>
    </message>
    <message>
        <source>Labelled slices of each structure to learn from; the others tell how much better it got.</source>
        <translation>每个结构用于学习的已标注层面数；其余层面显示改进了多少。</translation>
    </message>
    <message>
        <source>Lear&amp;n…</source>
        <translation>学习(&amp;N)…</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>选择学到的提示的保存位置并开始学习；随即使用。</translation>
    </message>
    <message>
        <source>How far it is, and what it brought on slices that were not learned from.</source>
        <translation>进度，以及在未用于学习的层面上带来的改进。</translation>
    </message>
    <message>
        <source>Lo&amp;g</source>
        <translation>日志(&amp;G)</translation>
    </message>
    <message>
        <source>What the worker and the installer said, for a bug report.</source>
        <translation>计算进程和安装程序的输出，供错误报告使用。</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Everything that the worker and the installer said.</source>
        <translation>计算进程和安装程序的全部输出。</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>解释(&amp;E)</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>How far the run is, and about how long it still takes.</source>
        <translation>运行的进度，以及大约还需多久。</translation>
    </message>
    <message>
        <source>What a run with these settings costs: evaluations of the model, slices and time.</source>
        <translation>以这些设置运行的代价：模型评估次数、层面数和时间。</translation>
    </message>
    <message>
        <source>What XAICLIP is doing.</source>
        <translation>XAICLIP 正在做什么。</translation>
    </message>
    <message>
        <source>Something needs your attention.</source>
        <translation>有事项需要您注意。</translation>
    </message>
    <message>
        <source>What is wrong, and what to do.</source>
        <translation>出了什么问题，以及该怎么做。</translation>
    </message>
    <message>
        <source>Do what the message proposes.</source>
        <translation>执行消息所建议的操作。</translation>
    </message>
    <message>
        <source>&amp;Run:</source>
        <translation>运行(&amp;R)：</translation>
    </message>
    <message>
        <source>The runs in this scene, the newest first.</source>
        <translation>此场景中的运行，最新的在前。</translation>
    </message>
    <message>
        <source>Remo&amp;ve</source>
        <translation>移除(&amp;V)</translation>
    </message>
    <message>
        <source>Remove this run's volumes, segmentations, table and curves from the scene.</source>
        <translation>从场景中移除本次运行的体数据、分割、表格和曲线。</translation>
    </message>
    <message>
        <source>The answer of the run in one sentence for each structure.</source>
        <translation>本次运行的回答，每个结构一句话。</translation>
    </message>
    <message>
        <source>&amp;2×2 views</source>
        <translation>2×2 视图(&amp;2)</translation>
    </message>
    <message>
        <source>Image, region, saliency and prediction side by side, linked; release to get your own layout back.</source>
        <translation>图像、区域、显著性与预测并排联动显示；松开后恢复您自己的布局。</translation>
    </message>
    <message>
        <source>Show in &amp;3D</source>
        <translation>三维显示(&amp;3)</translation>
    </message>
    <message>
        <source>Volume rendering of the saliency with the surface of the predicted organ.</source>
        <translation>显著性的体绘制，连同预测器官的表面。</translation>
    </message>
    <message>
        <source>Re&amp;port</source>
        <translation>报告(&amp;P)</translation>
    </message>
    <message>
        <source>Open the report of this run in the web browser: what was asked, pictures, numbers, curves and warnings on one page.</source>
        <translation>在网页浏览器中打开本次运行的报告：问题、图片、数值、曲线和警告，都在一页上。</translation>
    </message>
    <message>
        <source>E&amp;xport to DICOM…</source>
        <translation>导出为 DICOM(&amp;X)…</translation>
    </message>
    <message>
        <source>Write maps as Parametric Maps, masks as segmentations and pictures as Secondary Captures, for an archive.</source>
        <translation>将图写为 Parametric Map、掩膜写为分割、图片写为 Secondary Capture，供归档。</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>保存(&amp;S)</translation>
    </message>
    <message>
        <source>Save volumes, pictures and report of this run, or the scene.</source>
        <translation>保存本次运行的体数据、图片和报告，或保存场景。</translation>
    </message>
    <message>
        <source>For research only; not for clinical use.</source>
        <translation>仅供研究，不得用于临床。</translation>
    </message>
    <message>
        <source>XAICLIP is no medical device.</source>
        <translation>XAICLIP 不是医疗器械。</translation>
    </message>
    <message>
        <source>XAICLIP</source>
        <translation>XAICLIP</translation>
    </message>
    <message>
        <source>Ask a segmentation model why: name a structure, check the region in which it is found, and see which parts of it the model's segmentation depends on. Choose a scan, tick a structure, press Explain.</source>
        <translation>询问分割模型为什么：给出一个结构的名称，检查找到它的区域，查看模型的分割依赖其中哪些部分。选择扫描，勾选结构，按“解释”。</translation>
    </message>
    <message>
        <source>For research only, not for clinical use. Nothing leaves this computer. License: Apache 2.0.</source>
        <translation>仅供研究，不得用于临床。任何数据都不会离开本机。许可证：Apache 2.0。</translation>
    </message>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>场景已关闭，因此运行已停止。</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Give one inside it, in RAS mm.</source>
        <translation>此位置在扫描之外。请给出扫描内的位置，以 RAS 毫米为单位。</translation>
    </message>
</context>
<context>
    <name>panel.answers</name>
    <message>
        <source>{answer} (tested: {test}).</source>
        <translation>{answer}（检验：{test}）。</translation>
    </message>
    <message>
        <source>{structure}: hiding single places does not change what the model draws</source>
        <translation>{structure}：遮挡单个位置不改变模型的勾画</translation>
    </message>
    <message>
        <source>{structure}: whether the map says more than where it is cannot be told.</source>
        <translation>{structure}：无法判断该图是否说明了位置以外的内容。</translation>
    </message>
    <message>
        <source>{structure}: well supported; nothing in the tests spoke against it.</source>
        <translation>{structure}：依据充分；检验中没有相反的证据。</translation>
    </message>
    <message>
        <source>{structure}: weakly supported.</source>
        <translation>{structure}：依据较弱。</translation>
    </message>
    <message>
        <source>{structure}: the map is the organ's shape; it does not say why.</source>
        <translation>{structure}：该图只是器官的形状，并不说明原因。</translation>
    </message>
    <message>
        <source>{structure}: not supported; conclude nothing from this map.</source>
        <translation>{structure}：没有依据；不要从此图得出任何结论。</translation>
    </message>
    <message>
        <source>model or words were made for other scans</source>
        <translation>模型或描述是为其他类型的扫描而设</translation>
    </message>
    <message>
        <source>there is a doubt about the model or the region</source>
        <translation>对模型或区域存在疑问</translation>
    </message>
    <message>
        <source>hiding places changes nothing</source>
        <translation>遮挡位置没有任何改变</translation>
    </message>
    <message>
        <source>values lie beyond what can be</source>
        <translation>数值超出可能范围</translation>
    </message>
    <message>
        <source>it changes from sample to sample</source>
        <translation>结果随样本而变</translation>
    </message>
    <message>
        <source>the model answers differently when it is run again</source>
        <translation>再次运行时模型给出不同的结果</translation>
    </message>
    <message>
        <source>the model answers differently beside other images</source>
        <translation>与其他图像一起时模型给出不同的结果</translation>
    </message>
    <message>
        <source>the region misses most of the structure</source>
        <translation>区域遗漏了结构的大部分</translation>
    </message>
    <message>
        <source>the model's drawing differs from the reference</source>
        <translation>模型的勾画与参考不同</translation>
    </message>
    <message>
        <source>hiding the whole region changes next to nothing</source>
        <translation>遮挡整个区域几乎没有改变</translation>
    </message>
    <message>
        <source>hiding the whole region changes little</source>
        <translation>遮挡整个区域改变很小</translation>
    </message>
    <message>
        <source>the largest effect is small</source>
        <translation>最大的效应很小</translation>
    </message>
    <message>
        <source>the model was run too few times</source>
        <translation>模型运行次数太少</translation>
    </message>
    <message>
        <source>not all tests were made</source>
        <translation>并非所有检验都已完成</translation>
    </message>
    <message>
        <source>places rank hardly better than by chance</source>
        <translation>位置的排序几乎不优于随机</translation>
    </message>
    <message>
        <source>random places do as well</source>
        <translation>随机位置效果相同</translation>
    </message>
    <message>
        <source>the region alone does as well</source>
        <translation>仅凭区域效果相同</translation>
    </message>
    <message>
        <source>it looks like the map of a model that only loses what is hidden</source>
        <translation>它看起来像一个只丢失被遮挡部分的模型的图</translation>
    </message>
    <message>
        <source>the outline of the organ does as well</source>
        <translation>器官轮廓效果相同</translation>
    </message>
    <message>
        <source>an untrained model gives the same map</source>
        <translation>未训练的模型给出相同的图</translation>
    </message>
    <message>
        <source>a place outside the region matters too</source>
        <translation>区域外的位置也有影响</translation>
    </message>
    <message>
        <source>it may be about what places are hidden with</source>
        <translation>可能与用什么遮挡有关</translation>
    </message>
    <message>
        <source>it does not hold when places are hidden otherwise</source>
        <translation>换一种遮挡方式后不成立</translation>
    </message>
    <message>
        <source>it changes with what places are hidden with</source>
        <translation>随遮挡所用内容而变</translation>
    </message>
    <message>
        <source>it changes with the random start</source>
        <translation>随随机种子而变</translation>
    </message>
    <message>
        <source>Tested on the whole volume.</source>
        <translation>已在整个体数据上检验。</translation>
    </message>
    <message>
        <source>strong</source>
        <translation>依据充分</translation>
    </message>
    <message>
        <source>weak</source>
        <translation>依据较弱</translation>
    </message>
    <message>
        <source>the organ's shape</source>
        <translation>器官的形状</translation>
    </message>
    <message>
        <source>not supported</source>
        <translation>没有依据</translation>
    </message>
    <message>
        <source>not tested</source>
        <translation>未检验</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most takes what the model draws from {before} to {after}</source>
        <translation>{structure}：遮挡最重要的位置，模型的勾画从 {before} 变为 {after}</translation>
    </message>
    <message>
        <source>{structure}: hiding the place that matters most, in slice {slice}, takes what the model draws from {before} to {after}</source>
        <translation>{structure}：在层面 {slice} 中遮挡最重要的位置，模型的勾画从 {before} 变为 {after}</translation>
    </message>
    <message>
        <source>{structure}: overlap with the reference {dice} (Dice; 1 is all of it).</source>
        <translation>{structure}：与参考的重叠 {dice}（Dice；1 为完全重叠）。</translation>
    </message>
    <message>
        <source>{structure}: the map shows where it is, not why the model draws it.</source>
        <translation>{structure}：该图显示它在哪里，而不是模型为什么勾画它。</translation>
    </message>
    <message>
        <source>{structure}: the map says more than where it is.</source>
        <translation>{structure}：该图说明的不只是位置。</translation>
    </message>
    <message>
        <source>one of the tests</source>
        <translation>其中一项检验</translation>
    </message>
    <message>
        <source>{structure}: rank correlation {value} with a map that needs no model.</source>
        <translation>{structure}：与不需要模型的图的秩相关 {value}。</translation>
    </message>
    <message>
        <source>{structure}: {verdict} ({reasons}).</source>
        <translation>{structure}：{verdict}（{reasons}）。</translation>
    </message>
    <message>
        <source>{structure}: not tested.</source>
        <translation>{structure}：未检验。</translation>
    </message>
    <message>
        <source>What speaks against it: {reasons}.</source>
        <translation>相反的证据：{reasons}。</translation>
    </message>
    <message>
        <source>Tested in slice {slice}.</source>
        <translation>已在层面 {slice} 中检验。</translation>
    </message>
    <message>
        <source>Tested in slices {slices}.</source>
        <translation>已在层面 {slices} 中检验。</translation>
    </message>
    <message>
        <source>{count} more structures: see Report.</source>
        <translation>另有 {count} 个结构：见报告。</translation>
    </message>
    <message>
        <source>{words} (slice {slice})</source>
        <translation>{words}（层面 {slice}）</translation>
    </message>
</context>
<context>
    <name>panel.choices</name>
    <message>
        <source>The one in the axial view</source>
        <translation>轴位视图中的层面</translation>
    </message>
    <message>
        <source>A range</source>
        <translation>一个范围</translation>
    </message>
    <message>
        <source>All that show the structure</source>
        <translation>所有显示该结构的层面</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
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
        <translation>超声</translation>
    </message>
    <message>
        <source>Nuclear medicine</source>
        <translation>核医学</translation>
    </message>
    <message>
        <source>Computed radiography</source>
        <translation>计算机 X 线摄影（CR）</translation>
    </message>
    <message>
        <source>Digital radiography</source>
        <translation>数字 X 线摄影（DR）</translation>
    </message>
    <message>
        <source>Mammography</source>
        <translation>乳腺 X 线摄影</translation>
    </message>
    <message>
        <source>Angiography</source>
        <translation>血管造影</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>Automatic, by modality</source>
        <translation>自动，按模态</translation>
    </message>
    <message>
        <source>CT soft tissue</source>
        <translation>CT 软组织</translation>
    </message>
    <message>
        <source>CT liver</source>
        <translation>CT 肝</translation>
    </message>
    <message>
        <source>CT lung</source>
        <translation>CT 肺</translation>
    </message>
    <message>
        <source>CT bone</source>
        <translation>CT 骨</translation>
    </message>
    <message>
        <source>As in the paper</source>
        <translation>如论文</translation>
    </message>
    <message>
        <source>Where the words are found</source>
        <translation>描述所在之处</translation>
    </message>
    <message>
        <source>The model's own prediction</source>
        <translation>模型自身的预测</translation>
    </message>
    <message>
        <source>A segment</source>
        <translation>一个分割段</translation>
    </message>
    <message>
        <source>A box</source>
        <translation>一个方框</translation>
    </message>
    <message>
        <source>The whole slice</source>
        <translation>整个层面</translation>
    </message>
    <message>
        <source>Automatic, by model</source>
        <translation>自动，按模型</translation>
    </message>
    <message>
        <source>Patch tokens</source>
        <translation>图块词元</translation>
    </message>
    <message>
        <source>Sliding windows (slow)</source>
        <translation>滑动窗口（慢）</translation>
    </message>
    <message>
        <source>Bundled U-Net (CT of the abdomen)</source>
        <translation>内置 U-Net（腹部 CT）</translation>
    </message>
    <message>
        <source>A segment in the scene</source>
        <translation>场景中的分割段</translation>
    </message>
    <message>
        <source>A model on this machine</source>
        <translation>本机上的模型</translation>
    </message>
    <message>
        <source>My own model</source>
        <translation>我自己的模型</translation>
    </message>
    <message>
        <source>Automatic, by the file</source>
        <translation>自动，按文件</translation>
    </message>
    <message>
        <source>Segment Anything (SAM)</source>
        <translation>Segment Anything (SAM)</translation>
    </message>
    <message>
        <source>MONAI bundle</source>
        <translation>MONAI bundle</translation>
    </message>
    <message>
        <source>Occlusion</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>Occlusion, coarse to fine</source>
        <translation>遮挡，由粗到细</translation>
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
        <translation>HSIC 归因</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>均衡</translation>
    </message>
    <message>
        <source>Full, as in the paper</source>
        <translation>完整，如论文</translation>
    </message>
    <message>
        <source>My own settings</source>
        <translation>我自己的设置</translation>
    </message>
    <message>
        <source>Zero, as in the paper</source>
        <translation>零，如论文</translation>
    </message>
    <message>
        <source>Mean of the slice</source>
        <translation>层面均值</translation>
    </message>
    <message>
        <source>Mean of the surroundings</source>
        <translation>周围均值</translation>
    </message>
    <message>
        <source>Blurred image</source>
        <translation>模糊图像</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>噪声</translation>
    </message>
    <message>
        <source>Inpainting</source>
        <translation>图像修补</translation>
    </message>
    <message>
        <source>Air (CT)</source>
        <translation>空气（CT）</translation>
    </message>
    <message>
        <source>Fat (CT)</source>
        <translation>脂肪（CT）</translation>
    </message>
    <message>
        <source>Water (CT)</source>
        <translation>水（CT）</translation>
    </message>
    <message>
        <source>Soft tissue (CT)</source>
        <translation>软组织（CT）</translation>
    </message>
    <message>
        <source>Dice, as in the paper</source>
        <translation>Dice，如论文</translation>
    </message>
    <message>
        <source>Soft Dice</source>
        <translation>软 Dice</translation>
    </message>
    <message>
        <source>Confidence of the model</source>
        <translation>模型的置信度</translation>
    </message>
    <message>
        <source>Raw, as in the paper</source>
        <translation>原始，如论文</translation>
    </message>
    <message>
        <source>Centered</source>
        <translation>中心化</translation>
    </message>
    <message>
        <source>Ridge regression</source>
        <translation>岭回归</translation>
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
        <translation>Jet，如论文</translation>
    </message>
</context>
<context>
    <name>panel.numbers</name>
    <message>
        <source>Slice</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>结构</translation>
    </message>
    <message>
        <source>Largest drop</source>
        <translation>最大下降</translation>
    </message>
    <message>
        <source>Still drawn where hidden</source>
        <translation>遮挡处仍被勾画</translation>
    </message>
    <message>
        <source>Rest lost by one place</source>
        <translation>因一处丢失的其余部分</translation>
    </message>
    <message>
        <source>Score before</source>
        <translation>原得分</translation>
    </message>
    <message>
        <source>Dice with reference</source>
        <translation>与参考的 Dice</translation>
    </message>
    <message>
        <source>Surface distance (mm)</source>
        <translation>表面距离（mm）</translation>
    </message>
    <message>
        <source>Verdict</source>
        <translation>结论</translation>
    </message>
    <message>
        <source>Model runs</source>
        <translation>模型运行次数</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>时间（s）</translation>
    </message>
    <message>
        <source>Slice of largest drop</source>
        <translation>最大下降的层面</translation>
    </message>
    <message>
        <source>Smallest drop</source>
        <translation>最小下降</translation>
    </message>
    <message>
        <source>Region, of the slice</source>
        <translation>区域占层面比例</translation>
    </message>
    <message>
        <source>Organ inside the region</source>
        <translation>区域内的器官</translation>
    </message>
    <message>
        <source>Drawn area (mm²)</source>
        <translation>勾画面积（mm²）</translation>
    </message>
    <message>
        <source>Likeness to the shape</source>
        <translation>与形状的相似度</translation>
    </message>
    <message>
        <source>Matters outside</source>
        <translation>区域外的影响</translation>
    </message>
    <message>
        <source>Region from</source>
        <translation>区域来源</translation>
    </message>
    <message>
        <source>Runs, of a whole slice</source>
        <translation>整层所需运行次数</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>panel.panel</name>
    <message>
        <source>The scene was closed, so the run was stopped.</source>
        <translation>场景已关闭，因此运行已停止。</translation>
    </message>
</context>
<context>
    <name>panel.question</name>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>请选择模型的文件或文件夹。</translation>
    </message>
    <message>
        <source>The model does not segment {names}; untick it, or choose another model.</source>
        <translation>模型不分割 {names}；请取消勾选，或选择其他模型。</translation>
    </message>
</context>
<context>
    <name>panel.questions</name>
    <message>
        <source>{structure}: what does all that is drawn depend on?</source>
        <translation>{structure}：全部勾画依赖于什么？</translation>
    </message>
    <message>
        <source>{structure}: what does its boundary depend on?</source>
        <translation>{structure}：其边界依赖于什么？</translation>
    </message>
    <message>
        <source>{structure}: what holds the missing part back?</source>
        <translation>{structure}：是什么使缺失部分未被勾画？</translation>
    </message>
    <message>
        <source>{structure}: why is a part drawn outside the reference?</source>
        <translation>{structure}：为什么有一部分勾画在参考之外？</translation>
    </message>
    <message>
        <source>Between organs: which one needs which?</source>
        <translation>器官之间：哪个依赖哪个？</translation>
    </message>
    <message>
        <source>{structure}: why is island {number} drawn?</source>
        <translation>{structure}：为什么勾画了孤立块 {number}？</translation>
    </message>
</context>
<context>
    <name>panel.selftest</name>
    <message>
        <source>All tests passed</source>
        <translation>全部测试通过</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>解释(&amp;E)</translation>
    </message>
    <message>
        <source>Python packages are missing: the worker is not tested</source>
        <translation>缺少 Python 包：未测试计算进程</translation>
    </message>
    <message>
        <source>Python packages are missing: the panel is not tested</source>
        <translation>缺少 Python 包：未测试面板</translation>
    </message>
</context>
<context>
    <name>scene.answers</name>
    <message>
        <source>Lost of what is asked
about, hidden here</source>
        <translation>遮挡此处时
所询问内容的损失</translation>
    </message>
    <message>
        <source>Lost when the
place is hidden</source>
        <translation>遮挡该处时
的损失</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>回答</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more, so that nothing can be shown on it.</source>
        <translation>本次运行的扫描已不在场景中，因此无法在其上显示任何内容。</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>有一个结果不在扫描之内；扫描是否已被更改？请重新解释。</translation>
    </message>
</context>
<context>
    <name>scene.between</name>
    <message>
        <source>hidden</source>
        <translation>被遮挡</translation>
    </message>
    <message>
        <source>Between organs</source>
        <translation>器官之间</translation>
    </message>
    <message>
        <source>What each structure loses when another is hidden</source>
        <translation>遮挡另一结构时每个结构的损失</translation>
    </message>
    <message>
        <source>Hidden</source>
        <translation>被遮挡</translation>
    </message>
    <message>
        <source>Share that is lost</source>
        <translation>损失的比例</translation>
    </message>
    <message>
        <source>loss of the {structure}</source>
        <translation>{structure}的损失</translation>
    </message>
</context>
<context>
    <name>scene.colours</name>
    <message>
        <source>signed</source>
        <translation>带符号</translation>
    </message>
</context>
<context>
    <name>scene.curves</name>
    <message>
        <source>Share of the region</source>
        <translation>占区域的比例</translation>
    </message>
    <message>
        <source>Deletion</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Insertion</source>
        <translation>插入</translation>
    </message>
    <message>
        <source>Random order</source>
        <translation>随机顺序</translation>
    </message>
    <message>
        <source>Deletion, bare region</source>
        <translation>删除，仅区域</translation>
    </message>
    <message>
        <source>Insertion, bare region</source>
        <translation>插入，仅区域</translation>
    </message>
    <message>
        <source>Deletion, organ's shape</source>
        <translation>删除，器官形状</translation>
    </message>
    <message>
        <source>Insertion, organ's shape</source>
        <translation>插入，器官形状</translation>
    </message>
    <message>
        <source>Share of the region taken away or put back</source>
        <translation>被去除或恢复的区域比例</translation>
    </message>
    <message>
        <source>{structure}, filled with {fill}</source>
        <translation>{structure}，以{fill}填充</translation>
    </message>
    <message>
        <source>, slice {slice}</source>
        <translation>，层面 {slice}</translation>
    </message>
</context>
<context>
    <name>scene.labels</name>
    <message>
        <source>{one} and {other} overlap in {node}. Tick only one of them.</source>
        <translation>{one} 与 {other} 在 {node} 中重叠。请只勾选其中一个。</translation>
    </message>
    <message>
        <source>{node} has no segment called {structure}; it has {names}. Rename the segment, or untick {structure}.</source>
        <translation>{node} 没有名为 {structure} 的分割段；它有 {names}。请重命名分割段，或取消勾选 {structure}。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>scene.layout</name>
    <message>
        <source>Image</source>
        <translation>图像</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>曲线</translation>
    </message>
</context>
<context>
    <name>scene.legends</name>
    <message>
        <source>Drop of Dice</source>
        <translation>Dice 下降</translation>
    </message>
    <message>
        <source>Drop of soft Dice</source>
        <translation>软 Dice 下降</translation>
    </message>
    <message>
        <source>Drop of confidence</source>
        <translation>置信度下降</translation>
    </message>
    <message>
        <source>Mean score</source>
        <translation>平均得分</translation>
    </message>
    <message>
        <source>Score drop</source>
        <translation>得分下降</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>Share of the rest lost</source>
        <translation>其余部分的损失比例</translation>
    </message>
    <message>
        <source>Share of the rest of
the {structure} lost</source>
        <translation>{structure}其余部分
的损失比例</translation>
    </message>
    <message>
        <source>1: the largest of each</source>
        <translation>1：各自的最大值</translation>
    </message>
    <message>
        <source>1 stands for {largest}</source>
        <translation>1 代表 {largest}</translation>
    </message>
</context>
<context>
    <name>scene.nodes</name>
    <message>
        <source>region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>prediction</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>provenance</source>
        <translation>来源信息</translation>
    </message>
    <message>
        <source>saliency</source>
        <translation>显著性</translation>
    </message>
    <message>
        <source>metrics</source>
        <translation>测量值</translation>
    </message>
    <message>
        <source>drop {label}, {image} alone</source>
        <translation>下降 {label}，仅 {image}</translation>
    </message>
    <message>
        <source>drop {label}</source>
        <translation>下降 {label}</translation>
    </message>
</context>
<context>
    <name>scene.pair</name>
    <message>
        <source>difference</source>
        <translation>差值</translation>
    </message>
    <message>
        <source>Second minus first</source>
        <translation>第二个减第一个</translation>
    </message>
    <message>
        <source>2 minus 1</source>
        <translation>2 减 1</translation>
    </message>
    <message>
        <source>Predictions: 1 outlined, 2 filled</source>
        <translation>预测：1 为轮廓，2 为填充</translation>
    </message>
    <message>
        <source>These are one run. Choose another one to put beside it.</source>
        <translation>这是同一次运行。请选择另一次运行与之并排。</translation>
    </message>
    <message>
        <source>These two runs share no structure. Choose two runs on the same one.</source>
        <translation>这两次运行没有共同的结构。请选择针对同一结构的两次运行。</translation>
    </message>
    <message>
        <source>a scan that is gone</source>
        <translation>已不存在的扫描</translation>
    </message>
    <message>
        <source>Share of its own
largest value</source>
        <translation>占自身最大值
的比例</translation>
    </message>
    <message>
        <source>1: {name}</source>
        <translation>1：{name}</translation>
    </message>
    <message>
        <source>2: {name}</source>
        <translation>2：{name}</translation>
    </message>
    <message>
        <source>These are runs on different scans ({first}, {second}). Choose two runs on one scan.</source>
        <translation>这些运行针对不同的扫描（{first}、{second}）。请选择同一扫描上的两次运行。</translation>
    </message>
</context>
<context>
    <name>scene.preview</name>
    <message>
        <source>No slice was looked at. Choose slices that lie inside the scan.</source>
        <translation>没有查看任何层面。请选择扫描内的层面。</translation>
    </message>
    <message>
        <source>Likeness to the words</source>
        <translation>与描述的相似度</translation>
    </message>
    <message>
        <source>Region preview</source>
        <translation>区域预览</translation>
    </message>
    <message>
        <source>Region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>Similarity preview</source>
        <translation>相似度预览</translation>
    </message>
</context>
<context>
    <name>scene.results</name>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>结果不在扫描的网格上；扫描是否已被更改？请重新解释。</translation>
    </message>
    <message>
        <source>A result does not lie inside the scan; was the scan changed meanwhile? Explain again.</source>
        <translation>有一个结果不在扫描之内；扫描是否已被更改？请重新解释。</translation>
    </message>
    <message>
        <source>The result is not on the grid of the scan; was the scan changed meanwhile?</source>
        <translation>结果不在扫描的网格上；扫描是否已被更改？</translation>
    </message>
    <message>
        <source>{folder} is incomplete ({reason}). Explain again.</source>
        <translation>{folder} 不完整（{reason}）。请重新解释。</translation>
    </message>
</context>
<context>
    <name>scene.sampledata</name>
    <message>
        <source>Explaining segmentation models (XAICLIP)</source>
        <translation>解释分割模型（XAICLIP）</translation>
    </message>
</context>
<context>
    <name>scene.saving</name>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>Slicer 的 DICOM 数据库未打开；请打开一次 DICOM 模块，或保存到文件夹。</translation>
    </message>
    <message>
        <source>Slicer's DICOM database did not take the objects; save them to a folder instead.</source>
        <translation>Slicer 的 DICOM 数据库未接受这些对象；请改为保存到文件夹。</translation>
    </message>
    <message>
        <source>{name} was not written</source>
        <translation>{name} 未写入</translation>
    </message>
</context>
<context>
    <name>scene.volumes</name>
    <message>
        <source>No scan is chosen. Load a CT or MR volume and choose it as the scan.</source>
        <translation>未选择扫描。请加载 CT 或 MR 体数据并选作扫描。</translation>
    </message>
    <message>
        <source>No segment is chosen as the region. Choose a segmentation and a segment.</source>
        <translation>未选择作为区域的分割段。请选择分割和分割段。</translation>
    </message>
    <message>
        <source>The region box is not placed yet. Place a markups ROI around the region.</source>
        <translation>区域方框尚未放置。请在区域周围放置 Markups ROI。</translation>
    </message>
    <message>
        <source>No point is placed yet. Place a markups point inside the structure.</source>
        <translation>尚未放置点。请在结构内放置 Markups 点。</translation>
    </message>
    <message>
        <source>{name} is no scan (it is a {kind}). Choose a CT or MR volume.</source>
        <translation>{name} 不是扫描（而是 {kind}）。请选择 CT 或 MR 体数据。</translation>
    </message>
    <message>
        <source>{name} is empty: it has no voxels. Choose another scan or load it again.</source>
        <translation>{name} 为空：没有体素。请选择其他扫描或重新加载。</translation>
    </message>
    <message>
        <source>{name} has {count} values per voxel (a colour, vector or time series). Extract one channel or time point as a scalar volume and choose that.</source>
        <translation>{name} 每个体素有 {count} 个值（彩色、向量或时间序列）。请将一个通道或时间点提取为标量体数据并选择它。</translation>
    </message>
    <message>
        <source>{name} is under a non-linear transform ({transform}). Harden the transform on a copy of the scan (Transforms module), or take the scan out of it.</source>
        <translation>{name} 处于非线性变换（{transform}）之下。请在扫描的副本上固化该变换（Transforms 模块），或将扫描移出该变换。</translation>
    </message>
    <message>
        <source>{name} has axes that are not at right angles. Resample it (Resample Scalar Volume) first.</source>
        <translation>{name} 的坐标轴不成直角。请先重采样（Resample Scalar Volume）。</translation>
    </message>
    <message>
        <source>{path} could not be written. Free some disk space, or set another temporary folder in the settings.</source>
        <translation>无法写入 {path}。请释放磁盘空间，或在设置中指定其他临时文件夹。</translation>
    </message>
    <message>
        <source>The segment {segment} is empty inside {scan}. Paint it in the Segment Editor or choose another region.</source>
        <translation>分割段 {segment} 在 {scan} 内为空。请在 Segment Editor 中勾画，或选择其他区域。</translation>
    </message>
    <message>
        <source>{path} could not be read. Explain again.</source>
        <translation>无法读取 {path}。请重新解释。</translation>
    </message>
</context>
<context>
    <name>scene.words</name>
    <message>
        <source>occlusion</source>
        <translation>遮挡</translation>
    </message>
    <message>
        <source>hierarchical</source>
        <translation>分层</translation>
    </message>
</context>
<context>
    <name>sections.advanced</name>
    <message>
        <source>Everything else is set as recommended.</source>
        <translation>其余设置均为推荐值。</translation>
    </message>
    <message>
        <source>kind of model: {value}</source>
        <translation>模型种类：{value}</translation>
    </message>
    <message>
        <source>method: {value}</source>
        <translation>方法：{value}</translation>
    </message>
    <message>
        <source>quality: {value}</source>
        <translation>质量：{value}</translation>
    </message>
    <message>
        <source>fill: {value}</source>
        <translation>填充：{value}</translation>
    </message>
    <message>
        <source>measure: {value}</source>
        <translation>度量：{value}</translation>
    </message>
    <message>
        <source>modality: {value}</source>
        <translation>模态：{value}</translation>
    </message>
    <message>
        <source>contrast: {value}</source>
        <translation>对比度：{value}</translation>
    </message>
    <message>
        <source>each organ is hidden, too</source>
        <translation>同时遮挡每个器官</translation>
    </message>
    <message>
        <source>learned words</source>
        <translation>学到的描述</translation>
    </message>
    <message>
        <source>Differs from what is recommended: {changes}.</source>
        <translation>与推荐设置不同：{changes}。</translation>
    </message>
    <message>
        <source>reference: {value}</source>
        <translation>参考：{value}</translation>
    </message>
    <message>
        <source>computed on: {value}</source>
        <translation>计算设备：{value}</translation>
    </message>
    <message>
        <source>seed: {value}</source>
        <translation>随机种子：{value}</translation>
    </message>
    <message>
        <source>region: {value}</source>
        <translation>区域：{value}</translation>
    </message>
    <message>
        <source>margin: {value} mm</source>
        <translation>外扩：{value} mm</translation>
    </message>
    <message>
        <source>language model: {value}</source>
        <translation>语言模型：{value}</translation>
    </message>
    <message>
        <source>comparison: {value}</source>
        <translation>比较方式：{value}</translation>
    </message>
    <message>
        <source>threshold: {value}</source>
        <translation>阈值：{value}</translation>
    </message>
    <message>
        <source>smoothing: {value} px</source>
        <translation>平滑：{value} px</translation>
    </message>
</context>
<context>
    <name>sections.answer</name>
    <message>
        <source>A&amp;nswer</source>
        <translation>回答(&amp;N)</translation>
    </message>
    <message>
        <source>What the run says, how it was tested, and the numbers.</source>
        <translation>运行的回答、检验方式以及数值。</translation>
    </message>
</context>
<context>
    <name>sections.ask</name>
    <message>
        <source>As&amp;k</source>
        <translation>提问(&amp;K)</translation>
    </message>
    <message>
        <source>Ask about any place: why it is drawn, and what hangs on it. No model is run.</source>
        <translation>询问任意位置：为什么勾画它，以及什么依赖于它。不运行模型。</translation>
    </message>
    <message>
        <source>Move the mouse over a slice view.</source>
        <translation>在切片视图上移动鼠标。</translation>
    </message>
    <message>
        <source>Rows were hidden, columns show what share of each structure was lost.</source>
        <translation>行被遮挡；列显示每个结构损失的比例。</translation>
    </message>
    <message>
        <source>Why is this drawn here?</source>
        <translation>为什么这里被勾画？</translation>
    </message>
    <message>
        <source>What hangs on this place?</source>
        <translation>什么依赖于此位置？</translation>
    </message>
    <message>
        <source>What is drawn there</source>
        <translation>该处勾画的内容</translation>
    </message>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>还没有运行。请先按“解释”。</translation>
    </message>
    <message>
        <source>This place lies outside the scan. Move the mouse over the patient.</source>
        <translation>此位置在扫描之外。请将鼠标移到患者身上。</translation>
    </message>
    <message>
        <source>A run is under way. Ask again when it has ended.</source>
        <translation>运行正在进行。请在结束后再提问。</translation>
    </message>
    <message>
        <source>Choose a question…</source>
        <translation>选择问题…</translation>
    </message>
</context>
<context>
    <name>sections.compare</name>
    <message>
        <source>C&amp;ompare</source>
        <translation>对比(&amp;B)</translation>
    </message>
    <message>
        <source>Two runs on one scan side by side, with the difference of their maps.</source>
        <translation>同一扫描上的两次运行并排显示，连同两幅图之差。</translation>
    </message>
    <message>
        <source>method</source>
        <translation>方法</translation>
    </message>
    <message>
        <source>model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>region</source>
        <translation>区域</translation>
    </message>
    <message>
        <source>margin (mm)</source>
        <translation>边距（mm）</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>填充</translation>
    </message>
    <message>
        <source>patch</source>
        <translation>方块</translation>
    </message>
    <message>
        <source>stride</source>
        <translation>步长</translation>
    </message>
    <message>
        <source>masks</source>
        <translation>掩膜</translation>
    </message>
    <message>
        <source>samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>grid</source>
        <translation>网格</translation>
    </message>
    <message>
        <source>score</source>
        <translation>得分</translation>
    </message>
    <message>
        <source>slices</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>structures</source>
        <translation>结构</translation>
    </message>
    <message>
        <source>reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>threshold</source>
        <translation>阈值</translation>
    </message>
    <message>
        <source>seed</source>
        <translation>随机种子</translation>
    </message>
    <message>
        <source>modality</source>
        <translation>模态</translation>
    </message>
    <message>
        <source>contrast</source>
        <translation>对比度</translation>
    </message>
    <message>
        <source>There is no other run on this scan. Explain once more, with another setting.</source>
        <translation>此扫描上没有其他运行。请用其他设置再解释一次。</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>正在对比…</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>{name}: {first} in 1, {second} in 2</source>
        <translation>{name}：1 为 {first}，2 为 {second}</translation>
    </message>
    <message>
        <source>Nothing.</source>
        <translation>没有不同。</translation>
    </message>
    <message>
        <source>1: {answer}</source>
        <translation>1：{answer}</translation>
    </message>
    <message>
        <source>2: {answer}</source>
        <translation>2：{answer}</translation>
    </message>
</context>
<context>
    <name>sections.curves</name>
    <message>
        <source>Deletion and insertion curves under the views: the score while the region is taken away, or put back, in the order of the map. Release to get your own layout back.</source>
        <translation>视图下方的删除与插入曲线：按图的顺序去除或恢复区域时的得分。松开后恢复您自己的布局。</translation>
    </message>
    <message>
        <source>This run was stopped before its map was tested, so that there are no curves.</source>
        <translation>本次运行在检验图之前已停止，因此没有曲线。</translation>
    </message>
</context>
<context>
    <name>sections.display</name>
    <message>
        <source>What supports the model's drawing</source>
        <translation>支持模型勾画的依据</translation>
    </message>
    <message>
        <source>Displa&amp;y</source>
        <translation>显示(&amp;Y)</translation>
    </message>
    <message>
        <source>Which map is shown, in which colors, and from which value on.</source>
        <translation>显示哪幅图、用什么颜色、从什么值开始。</translation>
    </message>
    <message>
        <source>Signed drop of the score: {structure}</source>
        <translation>带符号的得分下降：{structure}</translation>
    </message>
    <message>
        <source>What the rest of the structure depends on</source>
        <translation>结构其余部分依赖于什么</translation>
    </message>
    <message>
        <source>What each structure depends on</source>
        <translation>每个结构依赖于什么</translation>
    </message>
    <message>
        <source>below a drop of {drop}; one scale for all slices</source>
        <translation>下降低于 {drop}；所有层面同一标尺</translation>
    </message>
    <message>
        <source>below {share} of each slice's largest value: slices can't be compared</source>
        <translation>低于每个层面最大值的 {share}：层面之间不可比较</translation>
    </message>
    <message>
        <source>below a loss of {loss} of the rest; one scale for all slices</source>
        <translation>其余部分损失低于 {loss}；所有层面同一标尺</translation>
    </message>
</context>
<context>
    <name>sections.editing</name>
    <message>
        <source>Finding the region in all chosen slices…</source>
        <translation>正在所有所选层面中查找区域…</translation>
    </message>
    <message>
        <source>The region is a segment now; edit it in the Segment Editor, then come back and press Explain.</source>
        <translation>区域现在是一个分割段；请在 Segment Editor 中编辑，然后返回并按“解释”。</translation>
    </message>
    <message>
        <source>Region in {scan}</source>
        <translation>{scan} 中的区域</translation>
    </message>
</context>
<context>
    <name>sections.explain</name>
    <message>
        <source>Explain {structures} in {scan}, {method}</source>
        <translation>解释 {scan} 中的 {structures}，{method}</translation>
    </message>
    <message>
        <source>{share} %</source>
        <translation>{share} %</translation>
    </message>
    <message>
        <source>{share} %, about {time} left</source>
        <translation>{share} %，约剩 {time}</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
    <message>
        <source>Stop after the current batch; the slices that are finished are kept.</source>
        <translation>当前批次后停止；已完成的层面会保留。</translation>
    </message>
    <message>
        <source>This model needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>此模型需要尚未安装的 Python 包：{names}（下载约 {size} MB）。</translation>
    </message>
    <message>
        <source>XAICLIP needs Python packages that are not installed yet: {names} (about {size} MB to download).</source>
        <translation>XAICLIP 需要尚未安装的 Python 包：{names}（下载约 {size} MB）。</translation>
    </message>
    <message>
        <source>Install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>Installing…</source>
        <translation>正在安装…</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>正在启动…</translation>
    </message>
    <message>
        <source>Starting the worker; this takes a few seconds…</source>
        <translation>正在启动计算进程；需要几秒…</translation>
    </message>
    <message>
        <source>Stopping after the current batch…</source>
        <translation>当前批次后停止…</translation>
    </message>
    <message>
        <source>Stopped after {time}; the slices that were finished are kept.</source>
        <translation>在 {time} 后停止；已完成的层面会保留。</translation>
    </message>
    <message>
        <source>Done in {time}.</source>
        <translation>已完成，用时 {time}。</translation>
    </message>
    <message>
        <source>Canc&amp;el</source>
        <translation>取消(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Explain</source>
        <translation>解释(&amp;E)</translation>
    </message>
    <message>
        <source>Stop the installation.</source>
        <translation>停止安装。</translation>
    </message>
    <message>
        <source>The packages are installed.</source>
        <translation>包已安装。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Explain why the model segments the structures as it does.</source>
        <translation>解释模型为什么这样分割这些结构。</translation>
    </message>
    <message>
        <source>{text}…</source>
        <translation>{text}…</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>仍然解释</translation>
    </message>
</context>
<context>
    <name>sections.images</name>
    <message>
        <source>The model takes {count} images and the panel gives {most}; use the console or the command line.</source>
        <translation>模型需要 {count} 幅图像，面板最多提供 {most} 幅；请使用控制台或命令行。</translation>
    </message>
    <message>
        <source>Choose the image {name}; the volume is the model's {first}.</source>
        <translation>请选择图像 {name}；该体数据是模型的 {first}。</translation>
    </message>
</context>
<context>
    <name>sections.installed</name>
    <message>
        <source>Looking…</source>
        <translation>正在查找…</translation>
    </message>
    <message>
        <source>Segments {names}</source>
        <translation>分割 {names}</translation>
    </message>
    <message>
        <source>No program has left a model here</source>
        <translation>没有程序在此留下模型</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>The models that other programs have left on this machine.</source>
        <translation>其他程序留在本机上的模型。</translation>
    </message>
    <message>
        <source>{model} can't be explained: {reason}.</source>
        <translation>{model} 无法解释：{reason}。</translation>
    </message>
</context>
<context>
    <name>sections.languagemodel</name>
    <message>
        <source>on this computer</source>
        <translation>在本机上</translation>
    </message>
    <message>
        <source>not on this computer yet</source>
        <translation>尚不在本机上</translation>
    </message>
    <message>
        <source>Wait until the language model is downloaded.</source>
        <translation>请等待语言模型下载完成。</translation>
    </message>
    <message>
        <source>Download the language model first, or choose the bundled one.</source>
        <translation>请先下载语言模型，或选择内置的模型。</translation>
    </message>
    <message>
        <source>Downloading…</source>
        <translation>正在下载…</translation>
    </message>
    <message>
        <source>{title}. Licence: {licence}; {place}.</source>
        <translation>{title}。许可证：{licence}；{place}。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Stop the download; nothing of it is kept.</source>
        <translation>停止下载；不保留任何内容。</translation>
    </message>
    <message>
        <source>see its source</source>
        <translation>见其来源</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>{name} is not on this computer. Download fetches it from {source}; or choose another one.</source>
        <translation>{name} 不在本机上。“下载”从 {source} 获取；或选择其他模型。</translation>
    </message>
    <message>
        <source>Downloading {name}: {done} of {total} MB</source>
        <translation>正在下载 {name}：{done} / {total} MB</translation>
    </message>
    <message>
        <source>Download it once from {source}; it is kept in {folder}. Nothing is uploaded.</source>
        <translation>从 {source} 一次性下载；保存在 {folder}。不上传任何内容。</translation>
    </message>
    <message>
        <source>Download {size} MB</source>
        <translation>下载 {size} MB</translation>
    </message>
</context>
<context>
    <name>sections.learning</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>请至少勾选一个结构。</translation>
    </message>
    <message>
        <source>Choose the segmentation to learn from.</source>
        <translation>请选择用于学习的分割。</translation>
    </message>
    <message>
        <source>Keep the learned prompts in</source>
        <translation>学到的提示保存到</translation>
    </message>
    <message>
        <source>Learned prompts (*.safetensors)</source>
        <translation>学到的提示 (*.safetensors)</translation>
    </message>
    <message>
        <source>Learning; this takes some minutes…</source>
        <translation>正在学习；需要几分钟…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Learn…</source>
        <translation>学习…</translation>
    </message>
    <message>
        <source>Stop learning; nothing is written.</source>
        <translation>停止学习；不写入任何内容。</translation>
    </message>
    <message>
        <source>Stopped; nothing was learned.</source>
        <translation>已停止；没有学到任何内容。</translation>
    </message>
    <message>
        <source>learning</source>
        <translation>学习</translation>
    </message>
    <message>
        <source>{name}: Dice of the region {before} by words, {after} learned, on {count} other slices</source>
        <translation>{name}：区域的 Dice，按描述 {before}，学习后 {after}，在另外 {count} 个层面上</translation>
    </message>
    <message>
        <source>In use from {file}.</source>
        <translation>正在使用 {file}。</translation>
    </message>
    <message>
        <source>Choose where the learned prompts are kept, and learn; they are used at once.</source>
        <translation>选择学到的提示的保存位置并开始学习；随即使用。</translation>
    </message>
    <message>
        <source>{what}, {share} %…</source>
        <translation>{what}，{share} %…</translation>
    </message>
    <message>
        <source>{name}: learned; no other labelled slice is left to measure on</source>
        <translation>{name}：已学习；没有其他已标注层面可供测量</translation>
    </message>
    <message>
        <source>{name}: no better than its words, so the words are used</source>
        <translation>{name}：不优于其描述，因此使用描述</translation>
    </message>
</context>
<context>
    <name>sections.matters</name>
    <message>
        <source>W&amp;hat matters</source>
        <translation>重点(&amp;H)</translation>
    </message>
    <message>
        <source>Hot spots, worst slices, islands and disagreements; a click goes there.</source>
        <translation>热点、最差层面、孤立块与分歧；单击即可跳到该处。</translation>
    </message>
    <message>
        <source>Hot spot</source>
        <translation>热点</translation>
    </message>
    <message>
        <source>Island</source>
        <translation>孤立块</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>缺失</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>多余</translation>
    </message>
    <message>
        <source>right</source>
        <translation>右</translation>
    </message>
    <message>
        <source>left</source>
        <translation>左</translation>
    </message>
    <message>
        <source>middle</source>
        <translation>中间</translation>
    </message>
    <message>
        <source>Nothing stands out in this run, or it is not finished.</source>
        <translation>本次运行没有突出之处，或尚未完成。</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>From middle</source>
        <translation>相对中心</translation>
    </message>
    <message>
        <source>Organ</source>
        <translation>器官</translation>
    </message>
    <message>
        <source>mm</source>
        <translation>mm</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>How much</source>
        <translation>程度</translation>
    </message>
    <message>
        <source>Worst slice</source>
        <translation>最差层面</translation>
    </message>
    <message>
        <source>Sensitive slice</source>
        <translation>敏感层面</translation>
    </message>
    <message>
        <source>drop {value}</source>
        <translation>下降 {value}</translation>
    </message>
    <message>
        <source>The scan of this run is not in the scene any more.</source>
        <translation>本次运行的扫描已不在场景中。</translation>
    </message>
    <message>
        <source>{structure}: {what}</source>
        <translation>{structure}：{what}</translation>
    </message>
    <message>
        <source>near {organ}</source>
        <translation>靠近{organ}</translation>
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
        <translation>其中心左侧 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm right of its middle</source>
        <translation>其中心右侧 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm behind it</source>
        <translation>其后方 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm in front of it</source>
        <translation>其前方 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm above it</source>
        <translation>其上方 {mm} mm</translation>
    </message>
    <message>
        <source>{mm} mm below it</source>
        <translation>其下方 {mm} mm</translation>
    </message>
    <message>
        <source>{share} of the rest is lost where it is hidden</source>
        <translation>遮挡该处时其余部分损失 {share}</translation>
    </message>
    <message>
        <source>slice {slice}</source>
        <translation>层面 {slice}</translation>
    </message>
    <message>
        <source>{mm} mm in size</source>
        <translation>大小 {mm} mm</translation>
    </message>
</context>
<context>
    <name>sections.method</name>
    <message>
        <source>the model's own prediction is {tiles} tiles, about {time}</source>
        <translation>模型自身的预测为 {tiles} 个图块，约 {time}</translation>
    </message>
    <message>
        <source>{structure}: segment “{segment}”</source>
        <translation>{structure}：分割段“{segment}”</translation>
    </message>
    <message>
        <source>Nothing to explain: the model finds none of the structures in these slices.</source>
        <translation>没有可解释的内容：模型在这些层面中没有找到任何一个结构。</translation>
    </message>
    <message>
        <source>About {time} for one slice, on {device}.</source>
        <translation>一个层面约 {time}，使用{device}。</translation>
    </message>
    <message>
        <source>About {time} for {slices} slices, on {device}.</source>
        <translation>{slices} 个层面约 {time}，使用{device}。</translation>
    </message>
    <message>
        <source>1 s</source>
        <translation>1 s</translation>
    </message>
    <message>
        <source>{each} of {full} patches in each slice</source>
        <translation>每个层面 {full} 个图块中的 {each} 个</translation>
    </message>
    <message>
        <source>at most {each} of {full} patches in each slice</source>
        <translation>每个层面 {full} 个图块中最多 {each} 个</translation>
    </message>
    <message>
        <source>{each} masks for each slice</source>
        <translation>每个层面 {each} 个掩膜</translation>
    </message>
    <message>
        <source>{each} samples for each slice</source>
        <translation>每个层面 {each} 个样本</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>the CPU</source>
        <translation>CPU</translation>
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
        <translation>正在估计时间…</translation>
    </message>
    <message>
        <source>The time is known once the Python packages are installed; press Explain for that.</source>
        <translation>安装 Python 包后才能知道时间；请为此按“解释”。</translation>
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
        <translation>此模型的许可证禁止商业使用。{licence}。您的选择会被记住。</translation>
    </message>
    <message>
        <source>The segmentation model that is to be explained.</source>
        <translation>要解释的分割模型。</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>Processor (CPU)</source>
        <translation>处理器（CPU）</translation>
    </message>
    <message>
        <source>Apple graphics (MPS)</source>
        <translation>Apple 显卡（MPS）</translation>
    </message>
    <message>
        <source>Choose the model's folder</source>
        <translation>选择模型的文件夹</translation>
    </message>
    <message>
        <source>Opening the model…</source>
        <translation>正在打开模型…</translation>
    </message>
    <message>
        <source>I accept</source>
        <translation>我接受</translation>
    </message>
    <message>
        <source>Segments what the box of the region, or the prompt, points at.</source>
        <translation>分割区域外接框或提示所指的内容。</translation>
    </message>
    <message>
        <source>Choose the model's file or folder.</source>
        <translation>请选择模型的文件或文件夹。</translation>
    </message>
    <message>
        <source>Does not name what it segments: its channels are taken for the chosen structures, in order.</source>
        <translation>未注明分割的内容：其通道按顺序视为所选结构。</translation>
    </message>
    <message>
        <source>Segments {names}.</source>
        <translation>分割 {names}。</translation>
    </message>
    <message>
        <source>Takes {images}.</source>
        <translation>需要 {images}。</translation>
    </message>
    <message>
        <source>Graphics card ({device})</source>
        <translation>显卡（{device}）</translation>
    </message>
</context>
<context>
    <name>sections.region</name>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
    <message>
        <source>Tick at least one structure.</source>
        <translation>请至少勾选一个结构。</translation>
    </message>
    <message>
        <source>Choose the segment that is the region.</source>
        <translation>请选择作为区域的分割段。</translation>
    </message>
    <message>
        <source>Choose or create the box that is the region.</source>
        <translation>请选择或创建作为区域的方框。</translation>
    </message>
    <message>
        <source>Draw the box first: it has no size yet.</source>
        <translation>请先画出方框：它还没有大小。</translation>
    </message>
    <message>
        <source>Found nothing in slice {slice}.</source>
        <translation>在层面 {slice} 中没有找到任何内容。</translation>
    </message>
    <message>
        <source>Slice {slice}: {share} of the slice</source>
        <translation>层面 {slice}：占层面的 {share}</translation>
    </message>
    <message>
        <source>Starting the worker; the first region takes a few seconds…</source>
        <translation>正在启动计算进程；第一个区域需要几秒…</translation>
    </message>
    <message>
        <source>, holds {recall} of the model's prediction</source>
        <translation>，包含模型预测的 {recall}</translation>
    </message>
</context>
<context>
    <name>sections.save</name>
    <message>
        <source>The run could not be saved to {folder} ({reason}); choose another folder or free some space.</source>
        <translation>无法将运行保存到 {folder}（{reason}）；请选择其他文件夹或释放空间。</translation>
    </message>
    <message>
        <source>Save the run to a folder</source>
        <translation>将运行保存到文件夹</translation>
    </message>
    <message>
        <source>The report can't be opened: the run is of another session, and {where}. Press Explain again.</source>
        <translation>无法打开报告：该运行属于另一个会话，且{where}。请再次按“解释”。</translation>
    </message>
    <message>
        <source>Making the report…</source>
        <translation>正在生成报告…</translation>
    </message>
    <message>
        <source>Save the run as DICOM to a folder</source>
        <translation>将运行以 DICOM 保存到文件夹</translation>
    </message>
    <message>
        <source>Writing DICOM objects…</source>
        <translation>正在写入 DICOM 对象…</translation>
    </message>
    <message>
        <source>Volumes (NRRD), pictures and report…</source>
        <translation>体数据 (NRRD)、图片和报告…</translation>
    </message>
    <message>
        <source>Everything the run has made, to a folder.</source>
        <translation>本次运行产生的一切，保存到文件夹。</translation>
    </message>
    <message>
        <source>Volumes (NIfTI), pictures and report…</source>
        <translation>体数据 (NIfTI)、图片和报告…</translation>
    </message>
    <message>
        <source>The same, volumes as .nii.gz.</source>
        <translation>同上，体数据为 .nii.gz。</translation>
    </message>
    <message>
        <source>DICOM objects to a folder…</source>
        <translation>DICOM 对象保存到文件夹…</translation>
    </message>
    <message>
        <source>Maps, segmentations, pictures, a report of the numbers and the page as PDF, for an archive.</source>
        <translation>图、分割、图片、数值报告以及 PDF 页面，供归档。</translation>
    </message>
    <message>
        <source>DICOM objects into Slicer's database</source>
        <translation>DICOM 对象存入 Slicer 数据库</translation>
    </message>
    <message>
        <source>The same objects, beside the scan in the DICOM module.</source>
        <translation>相同的对象，在 DICOM 模块中位于扫描旁。</translation>
    </message>
    <message>
        <source>Scene…</source>
        <translation>场景…</translation>
    </message>
    <message>
        <source>Slicer's own dialog: the whole scene with the runs in it.</source>
        <translation>Slicer 自己的对话框：整个场景及其中的运行。</translation>
    </message>
    <message>
        <source>it was not saved</source>
        <translation>它没有保存</translation>
    </message>
    <message>
        <source>The report is open in the browser; Save keeps it.</source>
        <translation>报告已在浏览器中打开；“保存”可保留它。</translation>
    </message>
    <message>
        <source>Saved to {folder}</source>
        <translation>已保存到 {folder}</translation>
    </message>
    <message>
        <source>The volumes are saved, but not the pictures: {reason}</source>
        <translation>体数据已保存，但图片没有：{reason}</translation>
    </message>
    <message>
        <source>its report is not in {folder} any more</source>
        <translation>其报告已不在 {folder} 中</translation>
    </message>
    <message>
        <source>The report could not be made: {reason}</source>
        <translation>无法生成报告：{reason}</translation>
    </message>
    <message>
        <source>Saved to {folder}, with pictures.</source>
        <translation>已连同图片保存到 {folder}。</translation>
    </message>
    <message>
        <source>DICOM objects are in {folder}</source>
        <translation>DICOM 对象在 {folder} 中</translation>
    </message>
    <message>
        <source>{count} DICOM objects are in Slicer's database, beside the scan.</source>
        <translation>{count} 个 DICOM 对象已在 Slicer 数据库中，位于扫描旁。</translation>
    </message>
    <message>
        <source>The pictures could not be saved: {reason}</source>
        <translation>无法保存图片：{reason}</translation>
    </message>
</context>
<context>
    <name>sections.scan</name>
    <message>
        <source>First and last axial slice, counted from the feet. The axial view follows the end that is moved.</source>
        <translation>第一个和最后一个轴位层面，从足侧数起。轴位视图跟随被移动的一端。</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
</context>
<context>
    <name>sections.scenesource</name>
    <message>
        <source>Looking for the model that made the segment…</source>
        <translation>正在查找生成该分割段的模型…</translation>
    </message>
    <message>
        <source>Nothing in the scene says which model made {segmentation}: choose its file or folder above.</source>
        <translation>场景中没有信息说明哪个模型生成了 {segmentation}：请在上方选择其文件或文件夹。</translation>
    </message>
    <message>
        <source>Its prediction today is the segment: Dice {dice} in {places}.</source>
        <translation>它现在的预测与该分割段一致：{places}中 Dice {dice}。</translation>
    </message>
    <message>
        <source>Its prediction today is not the segment: Dice {dice} in {places}. What is explained is the prediction; the segment was made otherwise, or edited since.</source>
        <translation>它现在的预测与该分割段不一致：{places}中 Dice {dice}。被解释的是预测；该分割段以其他方式生成，或之后被编辑过。</translation>
    </message>
    <message>
        <source>Choose the segment that is to be explained.</source>
        <translation>请选择要解释的分割段。</translation>
    </message>
    <message>
        <source>Choose a scan first.</source>
        <translation>请先选择扫描。</translation>
    </message>
    <message>
        <source>{segmentation} lies on {its}, not on {scan}. Choose {its} as the scan, or another segmentation.</source>
        <translation>{segmentation} 位于 {its} 上，而不是 {scan} 上。请选择 {its} 作为扫描，或选择其他分割。</translation>
    </message>
    <message>
        <source>{count} of its {total} slices</source>
        <translation>{total} 个层面中的 {count} 个</translation>
    </message>
    <message>
        <source>{segmentation} lies on another scan than {scan}. Choose its scan, or another segmentation.</source>
        <translation>{segmentation} 所在的扫描不是 {scan}。请选择它的扫描，或选择其他分割。</translation>
    </message>
    <message>
        <source>Probably made by {model}, by the names of its segments or the last run on this scan.</source>
        <translation>可能由 {model} 生成，依据其分割段的名称或此扫描上的最近一次运行。</translation>
    </message>
    <message>
        <source>{segmentation} is a result of XAICLIP; choose what a model of yours has made.</source>
        <translation>{segmentation} 是 XAICLIP 的结果；请选择由您的模型生成的内容。</translation>
    </message>
    <message>
        <source>Made by {model}, as its panel says.</source>
        <translation>由 {model} 生成，依据其面板。</translation>
    </message>
    <message>
        <source>Comparing its prediction with the segment…</source>
        <translation>正在将其预测与分割段比较…</translation>
    </message>
</context>
<context>
    <name>sections.structures</name>
    <message>
        <source>Chosen: {names}</source>
        <translation>已选：{names}</translation>
    </message>
    <message>
        <source>The model does not segment it: its region can be shown, but not explained.</source>
        <translation>模型不分割它：可以显示其区域，但不能解释。</translation>
    </message>
</context>
<context>
    <name>sources.menus</name>
    <message>
        <source>Explain with XAICLIP</source>
        <translation>用 XAICLIP 解释</translation>
    </message>
    <message>
        <source>Ask the model that made this segment why it drew it.</source>
        <translation>询问生成此分割段的模型为什么这样勾画。</translation>
    </message>
    <message>
        <source>Choose a segment first.</source>
        <translation>请先选择分割段。</translation>
    </message>
</context>
<context>
    <name>worker.client</name>
    <message>
        <source>the worker stopped unexpectedly ({reason}); it starts again with the next request</source>
        <translation>计算进程意外停止（{reason}）；下次请求时会重新启动</translation>
    </message>
    <message>
        <source>it crashed or was killed</source>
        <translation>它已崩溃或被终止</translation>
    </message>
    <message>
        <source>the worker was stopped</source>
        <translation>计算进程已停止</translation>
    </message>
    <message>
        <source>{program} can't be started: {text}</source>
        <translation>无法启动 {program}：{text}</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>退出代码 {code}</translation>
    </message>
</context>
<context>
    <name>worker.dicom</name>
    <message>
        <source>DICOM objects are made from a run of this session: press Explain again.</source>
        <translation>DICOM 对象由本次会话的运行生成：请再次按“解释”。</translation>
    </message>
    <message>
        <source>Slicer's DICOM database is not open; open the DICOM module once, or save to a folder.</source>
        <translation>Slicer 的 DICOM 数据库未打开；请打开一次 DICOM 模块，或保存到文件夹。</translation>
    </message>
</context>
<context>
    <name>worker.errors</name>
    <message>
        <source>these Python packages are missing: {names}; install them in the panel of XAICLIP</source>
        <translation>缺少这些 Python 包：{names}；请在 XAICLIP 面板中安装</translation>
    </message>
    <message>
        <source>the worker failed without a message; see the log</source>
        <translation>计算进程失败且没有消息；见日志</translation>
    </message>
    <message>
        <source>Look in: The whole slice</source>
        <translation>查找范围：整个层面</translation>
    </message>
    <message>
        <source>Look in: The model's own prediction</source>
        <translation>查找范围：模型自身的预测</translation>
    </message>
    <message>
        <source>Look in</source>
        <translation>查找范围</translation>
    </message>
    <message>
        <source>Modality under Advanced</source>
        <translation>“高级”下的模态</translation>
    </message>
    <message>
        <source>Language model: bundled</source>
        <translation>语言模型：内置</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>层面</translation>
    </message>
    <message>
        <source>Structures</source>
        <translation>结构</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>参考</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>提示</translation>
    </message>
    <message>
        <source>Explain anyway</source>
        <translation>仍然解释</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>提问</translation>
    </message>
    <message>
        <source>{sentence}.</source>
        <translation>{sentence}。</translation>
    </message>
</context>
<context>
    <name>worker.installation</name>
    <message>
        <source>the installer of the extension PyTorch does not fit this version of pip. Update that extension, or install PyTorch with its module PyTorch Utils, then try again.</source>
        <translation>扩展 PyTorch 的安装程序与此版本的 pip 不兼容。请更新该扩展，或用其模块 PyTorch Utils 安装 PyTorch，然后重试。</translation>
    </message>
    <message>
        <source>the disk is full. Free some space, then try again.</source>
        <translation>磁盘已满。请释放空间，然后重试。</translation>
    </message>
    <message>
        <source>the package server can't be reached. Check the internet connection and the proxy, then try again.</source>
        <translation>无法连接包服务器。请检查网络连接和代理，然后重试。</translation>
    </message>
    <message>
        <source>Slicer's folder can't be written to. Install Slicer in a folder of your own, then try again.</source>
        <translation>无法写入 Slicer 的文件夹。请将 Slicer 安装在您自己的文件夹中，然后重试。</translation>
    </message>
    <message>
        <source>it does not fit the packages that are there. Update Slicer and its extensions, then try again.</source>
        <translation>它与现有的包不兼容。请更新 Slicer 及其扩展，然后重试。</translation>
    </message>
    <message>
        <source>there is no build for this version of Slicer's Python. Update Slicer, then try again.</source>
        <translation>没有适用于此 Slicer 的 Python 版本的构建。请更新 Slicer，然后重试。</translation>
    </message>
    <message>
        <source>no reason was given</source>
        <translation>没有给出原因</translation>
    </message>
    <message>
        <source>The packages need about {needed} MB in {folder}, where {free} MB are free; free some space</source>
        <translation>这些包在 {folder} 中约需 {needed} MB，该处剩余 {free} MB；请释放空间</translation>
    </message>
    <message>
        <source>{package} was installed, but Python does not find it. Restart Slicer, then try again.</source>
        <translation>{package} 已安装，但 Python 找不到它。请重启 Slicer，然后重试。</translation>
    </message>
    <message>
        <source>{package} could not be installed: {reason}</source>
        <translation>无法安装 {package}：{reason}</translation>
    </message>
    <message>
        <source>PyTorch has no current build for Intel code on macOS, and this Slicer is made of that, on Apple processors (Rosetta) too. Use Slicer on Windows or Linux, or XAICLIP's command line with a Python for Apple processors</source>
        <translation>PyTorch 没有适用于 macOS 上 Intel 代码的当前构建，而此 Slicer 正是 Intel 代码，在 Apple 处理器上（Rosetta）也是如此。请在 Windows 或 Linux 上使用 Slicer，或在 Apple 处理器上用相应的 Python 运行 XAICLIP 命令行</translation>
    </message>
    <message>
        <source>The installation was cancelled. What is installed already is kept; Install goes on there.</source>
        <translation>安装已取消。已安装的内容会保留；“安装”会从该处继续。</translation>
    </message>
    <message>
        <source>Another extension is installing packages. Wait until it is done, then try again.</source>
        <translation>另一个扩展正在安装包。请等待其完成，然后重试。</translation>
    </message>
    <message>
        <source>PyTorch comes with the extension PyTorch: install it in the Extensions Manager, restart Slicer.</source>
        <translation>PyTorch 由扩展 PyTorch 提供：请在扩展管理器中安装它，然后重启 Slicer。</translation>
    </message>
    <message>
        <source>This version of the extension PyTorch is unknown: use its module PyTorch Utils first.</source>
        <translation>扩展 PyTorch 的此版本未知：请先使用其模块 PyTorch Utils。</translation>
    </message>
    <message>
        <source>{line}. The log has the whole story.</source>
        <translation>{line}。日志中有全部内容。</translation>
    </message>
    <message>
        <source>Installing {package}…</source>
        <translation>正在安装 {package}…</translation>
    </message>
    <message>
        <source>{package}: {done} of {total} MB</source>
        <translation>{package}：{done} / {total} MB</translation>
    </message>
    <message>
        <source>Stopping after {package}…</source>
        <translation>在 {package} 之后停止…</translation>
    </message>
</context>
<context>
    <name>worker.job</name>
    <message>
        <source>Stopped before the first slice was finished.</source>
        <translation>在第一个层面完成之前已停止。</translation>
    </message>
    <message>
        <source>The run could not be shown ({kind}: {text}); the application log has the whole story.</source>
        <translation>无法显示运行（{kind}：{text}）；应用程序日志中有全部内容。</translation>
    </message>
    <message>
        <source>The slices that were finished are kept.</source>
        <translation>已完成的层面会保留。</translation>
    </message>
    <message>
        <source>The scan or its result was removed from the scene, so the run was stopped.</source>
        <translation>扫描或其结果已从场景中移除，因此运行已停止。</translation>
    </message>
</context>
<context>
    <name>worker.runner</name>
    <message>
        <source>an explanation is already running; cancel it first</source>
        <translation>已有解释正在运行；请先取消它</translation>
    </message>
</context>
<context>
    <name>worker.shared_files</name>
    <message>
        <source>There is no run yet. Press Explain first.</source>
        <translation>还没有运行。请先按“解释”。</translation>
    </message>
    <message>
        <source>This run kept no record of where its drawing changed. Explain again to ask about single places.</source>
        <translation>本次运行没有记录其勾画在何处改变。请重新解释，以便询问单个位置。</translation>
    </message>
    <message>
        <source>Nothing can be written to {folder} ({reason}). Free some space or choose another folder in {menu}.</source>
        <translation>无法在 {folder} 中写入任何内容（{reason}）。请释放空间，或在 {menu} 中选择其他文件夹。</translation>
    </message>
    <message>
        <source>Edit / Application Settings / Modules</source>
        <translation>编辑 / 应用程序设置 / 模块</translation>
    </message>
    <message>
        <source>choose a scan first</source>
        <translation>请先选择扫描</translation>
    </message>
    <message>
        <source>The files of the run “{name}” are gone: it is of another session, or not finished. Explain again.</source>
        <translation>运行“{name}”的文件已不存在：它属于另一个会话，或未完成。请重新解释。</translation>
    </message>
</context>
</TS>
