"""Train what a page shows but is too slow to train live, and write what came out.

python -m tools.records                  all experiments, into src/nnbook/recorded/
python -m tools.records NAME ... --fresh some of them; the runs of a stopped recording are forgotten
python -m tools.records --list           what is recorded, when, and whether with today's code
python -m tools.records NAME --run 3     one run in this process, printed as JSON: what the lines above start
"""

import argparse
import sys

from tools.records import engine


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--fresh", action="store_true")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--run", type=int, metavar="NUMBER")
    arguments = parser.parse_args()
    if arguments.list:
        return engine.show()
    if arguments.run is None:
        return engine.record_all(arguments.names, arguments.fresh)
    if len(arguments.names) != 1:
        parser.error("--run needs the name of one experiment")
    return engine.print_run(arguments.names[0], arguments.run)


if __name__ == "__main__":  # the search for experiments imports this file, too
    sys.exit(main())
