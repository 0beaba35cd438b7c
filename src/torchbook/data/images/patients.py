"""Pictures and volumes of one patient belong together: whoever was trained on makes a test easier than it is."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from torchbook.data.phrasing import counted


def kept_together(digests: Sequence[str], patients: Sequence[str]) -> np.ndarray:
    """A number for each volume, equal where volumes must not be drawn apart: copies, and those of one patient.

    `digests` tell what is in a volume, `patients` whose it is, "" where the files do not say.
    """
    _, groups = np.unique([patient or digest for patient, digest in zip(patients, digests)], return_inverse=True)
    for digest, count in Counter(digests).items():
        if count > 1:
            copies = groups[[other == digest for other in digests]]
            groups[np.isin(groups, copies)] = copies[0]
    return groups


def told_apart(patients: Sequence[str]) -> list[str]:
    """The patients, or none where all volumes have the same: that is a word such as "anonymous"."""
    return list(patients) if len(set(patients) - {""}) > 1 else [""] * len(patients)


def remarks_on(patients: Sequence[str], splits: Mapping[str, np.ndarray], *, drawn: bool) -> list[str]:
    """Returns what is to be said of patients and splits (rows by name), some of which were `drawn`."""
    owned = [(patients[row], split) for split, rows in splits.items() for row in rows.tolist() if patients[row]]
    places = Counter(patient for patient, _ in set(owned))
    several = sum(count > 1 for count in places.values())
    notes = []
    if drawn and len(owned) > len(places):
        notes.append(f"Those of one patient (PatientID, {len(places):,} different) were drawn together.")
    if several:
        who = counted(several, "patient has", "patients have")
        notes.append(f"{who} volumes in several splits: what is measured there is too good.")
    return notes
