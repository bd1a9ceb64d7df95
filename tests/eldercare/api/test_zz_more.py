import pytest
from test_equality import compare


@pytest.mark.parametrize("seed", [11, 12, 13, 14])
def test_more(ask, seed):
    print(compare(ask, seed, 150))
