"""Rows of a file are mapped or copied, and damage is seen."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchbook.data.images import row_file as module
from torchbook.data.images.row_file import checksums, is_whole, rows


@settings(max_examples=20, deadline=None)
@given(chosen=st.sets(st.integers(0, 5), min_size=1), in_memory=st.sampled_from([0, 1 << 20]))
def test_rows_are_those_asked_for_mapped_or_copied(tmp_path_factory, chosen, in_memory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_IN_MEMORY", in_memory)
        patch.setattr(module, "_BLOCK", 60)
        array = tmp_path_factory.mktemp("pack") / "a.npy"
        values = np.random.default_rng(0).integers(0, 256, (6, 1, 5, 6), np.uint8)
        np.save(array, values)
        wanted = np.array(sorted(chosen))
        for _ in range(2):
            found = rows(array, wanted)
            assert np.array_equal(found, values[wanted])
            # What is mapped may be written to, but stays as it is in the file.
            found[:] = 0
        assert np.array_equal(np.load(array), values)


@settings(max_examples=30, deadline=None)
@given(size=st.integers(1, 300), at=st.integers(0, 299), kind=st.sampled_from(["flip", "cut", "more"]))
def test_any_damage_of_a_small_file_is_seen(tmp_path_factory, size, at, kind):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_BLOCK", 16)
        file = tmp_path_factory.mktemp("rows") / "a.npy"
        content = np.random.default_rng(size).integers(0, 256, size, np.uint8).tobytes()
        file.write_bytes(content)
        expected = checksums(file)
        assert is_whole(file, expected)
        at %= size
        changed = {
            "flip": content[:at] + bytes([content[at] ^ 4]) + content[at + 1 :],
            "cut": content[:at],
            "more": content + b"x",
        }
        file.write_bytes(changed[kind])
        assert not is_whole(file, expected)
