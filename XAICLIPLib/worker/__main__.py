"""``python -m XAICLIPLib.worker``."""

from XAICLIPLib.worker.methods import main

if __name__ == "__main__":
    main()
