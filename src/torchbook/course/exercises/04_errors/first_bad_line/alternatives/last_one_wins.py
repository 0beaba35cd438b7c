from pathlib import PurePosixPath


def first_bad_line(report, file):
    last = None
    for line in report.split("\n"):
        if not line.startswith('  File "'):
            continue
        path, _, place = line.removeprefix('  File "').partition('", line ')
        if PurePosixPath(path).name == file:
            last = int(place.split(",")[0])
    return last
