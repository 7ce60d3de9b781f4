"""The handwritten digits of scikit-learn (UCI, 1,797 of 8 x 8 pixels) as a channel: label first, mixed once."""
import os

import numpy as np
from sklearn.datasets import load_digits

LEAST_ACCURACY = 0.9


def folder(parent):
    pixels, labels = load_digits(return_X_y=True)
    rows = np.column_stack([labels, pixels])[np.random.default_rng(0).permutation(len(labels))]
    path = os.path.join(parent, "digits")
    os.makedirs(path, exist_ok=True)
    np.savetxt(os.path.join(path, "digits.csv"), rows, fmt="%d", delimiter=",")
    return path
