"""How the bundled U-Net and CLIP were trained, re-runnable from a folder of labelled scans.

This package is in the repository alone, neither in the wheel nor in Slicer: run it from a checkout.

Both see the same framed 160 x 160 slices (`XAICLIPLib.preprocess`) and are trained from scratch on three small scans;
most of the code is therefore augmentation. The modules, in the order of the data:

``data``
    scans and labels of a folder, aligned in physical space, as fine classes.
``augment``, ``absence``, ``thorax``
    random slices: deformation, contrast phases, random contrasts, pseudo-CT out of MR, organs taken out, a procedural
    thorax; never mirrored.
``generated``, ``nothing``
    patients that are drawn, of all parts of the body, and pictures without any anatomy: where no organ is.
``vocabulary``, ``bpe``
    names, sentences and unrelated words for the CLIP; its cut token vocabulary.
``train_unet``, ``train_clip``, ``schedule``
    the two trainings, and what they share.
``export``
    checkpoints -> the fp16 safetensors, configs and manifest in ``XAICLIPLib/weights``.
``evaluate``, ``calibrate``
    the acceptance table on one scan with labels; how probable it is that a structure is there (`roi.presence`).

To train a pair like the shipped one (about 25 minutes on one idle CPU core for both; ``--device cuda`` works too)::

    python -m XAICLIPLib.training.train_unet --data ../shared/data --out runs/unet --iterations 1200
    python -m XAICLIPLib.training.train_clip --data ../shared/data --out runs/clip --iterations 2000
    python -m XAICLIPLib.training.export --unet runs/unet/unet.pt --clip runs/clip/clip.pt --out XAICLIPLib/weights

The shipped weights had these iterations before `absence` and `generated` were written (``--patients 0``), 400 more with
absent organs (``--init runs/unet/unet.pt --seed 1 --iterations 400``; the same for the CLIP), 400 with drawn patients
(``--seed 2``) and 800 more (``--seed 3 --patients 60``). Then how probable it is that a structure is there at all::

    python -m XAICLIPLib.training.calibrate --data ../shared/data --weights XAICLIPLib/weights

To validate the recipe, leave a scan out and look at it::

    python -m XAICLIPLib.training.train_unet --data ../shared/data --holdout ct_series --out runs/fold --iterations 450
    python -m XAICLIPLib.training.train_clip --data ../shared/data --holdout ct_series --out runs/fold --iterations 1200
    python -m XAICLIPLib.training.export --unet runs/fold/unet.pt --clip runs/fold/clip.pt --out runs/fold
    python -m XAICLIPLib.training.evaluate --data ../shared/data --scan ct_series --weights runs/fold

The phantom of the demo and of most tests is another patient than those that are drawn for the training, but by the same
program: what the pair makes of it says little about scans.
"""
