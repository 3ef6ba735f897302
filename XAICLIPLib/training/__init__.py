"""How the bundled U-Net and CLIP were trained, re-runnable from a folder of labelled scans.

This package is in the repository alone, neither in the wheel nor in Slicer: run it from a checkout.

Both see the same framed 160 x 160 slices (`XAICLIPLib.preprocess`) and are trained from scratch on three small scans;
most of the code is therefore augmentation. The modules, in the order of the data:

``data``
    scans and labels of a folder, aligned in physical space, as fine classes.
``augment``, ``absence``, ``thorax``, ``fields``
    random slices: deformation, contrast phases, random contrasts, pseudo-CT out of MR, organs taken out, a procedural
    thorax; never mirrored.
``generated``, ``nothing``, ``magnetic``
    patients that are drawn, of all parts of the body; pictures without any anatomy that is taught, heads among them:
    where no organ is; how MR sequences show a label map.
``vocabulary``, ``bpe``
    names, sentences and unrelated words for the CLIP; its cut token vocabulary.
``train_unet``, ``train_clip``, ``schedule``
    the two trainings, and what they share.
``scaling``, ``export``
    probabilities of the U-Net that mean what they say; checkpoints -> the fp16 safetensors, configs and manifest in
    ``XAICLIPLib/weights``.
``evaluate``, ``calibrate``
    the acceptance table on one scan with labels; how probable it is that a structure is there (`roi.presence`).

To train a pair like the shipped one (about two hours on one idle CPU core for both; ``--device cuda`` works too)::

    python -m XAICLIPLib.training.train_unet --data ../shared/data --out runs/unet --iterations 2000
    python -m XAICLIPLib.training.train_clip --data ../shared/data --out runs/clip --iterations 2500
    python -m XAICLIPLib.training.scaling --data ../shared/data --unet runs/unet/unet.pt --out runs/unet/scaled.pt
    python -m XAICLIPLib.training.export --unet runs/unet/scaled.pt --clip runs/clip/clip.pt --out XAICLIPLib/weights
    python -m XAICLIPLib.training.calibrate --data ../shared/data --weights XAICLIPLib/weights

The shipped weights had more stages than one, each going on from the last (``--init runs/unet/unet.pt --seed N``), since
what they are taught grew: the model cards have their numbers.

To validate the recipe, leave a scan out and look at it::

    python -m XAICLIPLib.training.train_unet --data ../shared/data --holdout ct_series --out runs/fold --iterations 500
    python -m XAICLIPLib.training.train_clip --data ../shared/data --holdout ct_series --out runs/fold --iterations 1500
    python -m XAICLIPLib.training.scaling --data ../shared/data --unet runs/fold/unet.pt --out runs/fold/scaled.pt
    python -m XAICLIPLib.training.export --unet runs/fold/scaled.pt --clip runs/fold/clip.pt --out runs/fold
    python -m XAICLIPLib.training.evaluate --data ../shared/data --scan ct_series --weights runs/fold

The phantom of the demo and of most tests is another patient than those that are drawn for the training, but by the same
program: what the pair makes of it says little about scans.
"""
