"""``python -m generator``: the same as the console command ``appraise``."""

from generator.cli.main import main

if __name__ == "__main__":
    main()
