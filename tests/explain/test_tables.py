"""Errors of tables of pandas: the table itself is looked at."""

import pytest

from torchbook.explain import explain

pandas = pytest.importorskip("pandas")

TABLE = "import pandas as pd\nimport torch\ntable = pd.DataFrame({'Price': [1.0, 2.0], 'colour': ['red', 'blue']})\n"
ERRORS = [
    ("no-such-column", "table['price']", ["`table['Price']`"]),
    ("no-such-column", "table[0]", ["`table.iloc[0]`"]),
    ("no-such-column", "table[table['Price'] > 1]['Price'][0]", []),
    ("table-as-tensor", "torch.tensor(table)", ["`colour`", "select_dtypes"]),
    ("table-as-tensor", "torch.from_numpy(table['Price'])", ["to_numpy()"]),
    ("table-with-texts", "torch.from_numpy(table.values)", []),
    ("table-with-texts", "torch.tensor(table.to_numpy())", ["`colour`"]),
    ("yes-or-no-of-a-table", "table[table['Price'] > 1 and table['Price'] < 3]", ["(table['Price'] > 1) & "]),
    ("name-for-a-place", "table.iloc[:, 'Price']", ["`table['name']`"]),
    ("table-in-a-loader", "from torch.utils.data import DataLoader\nnext(iter(DataLoader(table)))", ["TensorDataset("]),
    ("row-beyond-the-end", "table.iloc[2]", ["len(table) - 1"]),
    ("empty-table", "import io\npd.read_csv(io.StringIO(''))", ["empty"]),
    ("lines-of-different-length", "import io\npd.read_csv(io.StringIO('a,b\\n1,2\\n1,2,3\\n'))", ["`sep=';'`"]),
    ("no-such-column", "table.groupby('colors')", ["`table` has no column", "colour"]),
    ("no-such-column", "table['Price', 'colour']", ["`table[['Price', 'colour']]`"]),
    ("column-of-another-length", "table['new'] = [1, 2, 3]", ["2 rows", "3 values"]),
    ("table-of-single-values", "pd.DataFrame({'a': 1})", ["square brackets"]),
    ("tables-without-a-common-column", "pd.merge(table, pd.DataFrame({'x': [1]}))", ["left_on"]),
    ("unknown-attribute", "table.price", ["`table['Price']`"]),
    ("unknown-attribute", "table.append(table)", ["pd.concat"]),
    ("unknown-attribute", "table['Price'].unsqueeze(0)", ["to_numpy()"]),
]


@pytest.mark.parametrize(("name", "code", "words"), ERRORS, ids=[code for _, code, _ in ERRORS])
def test_table(name, code, words, provoke):
    explanation = provoke(TABLE + code, "table")
    assert explanation is not None
    assert explanation.name == name
    assert [word for word in words if word not in f"{explanation.what} {explanation.fix}"] == []


def test_a_message_without_a_table_says_what_it_can():
    assert "&" in str(explain(ValueError("The truth value of a Series is ambiguous. Use a.empty, a.bool().")))
