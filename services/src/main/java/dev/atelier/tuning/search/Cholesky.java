package dev.atelier.tuning.search;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.decomposition.chol.CholeskyDecompositionInner_DDRM;
import org.ejml.dense.row.linsol.chol.LinearSolverChol_DDRM;

/** A covariance matrix, factored once and solved with as often as needed. */
final class Cholesky {
  private final LinearSolverChol_DDRM solver;
  private final double[] lower;
  /** The same by columns: sums over rows are not vectorised, as they would round otherwise. */
  private final double[] columns;
  private final int size;

  /**
   * Factors a symmetric matrix, which is overwritten.
   *
   * @param rows the matrix, row by row
   * @throws ArithmeticException it is not positive definite
   */
  Cholesky(double[] rows, int size) {
    CholeskyDecompositionInner_DDRM decomposition = new CholeskyDecompositionInner_DDRM(true);
    this.size = size;
    this.solver = new LinearSolverChol_DDRM(decomposition);
    if (!solver.setA(DMatrixRMaj.wrap(size, size, rows))) {
      throw new ArithmeticException("the covariance of " + size + " points is not positive definite");
    }
    this.lower = decomposition.getT(null).data;
    this.columns = new double[size * size];
    for (int i = 0; i < size; i++) {
      for (int k = 0; k <= i; k++) {
        columns[k * size + i] = lower[i * size + k];
      }
    }
  }

  double halfLogDeterminant() {
    double sum = 0;
    for (int i = 0; i < size; i++) {
      sum += Math.log(lower[i * size + i]);
    }
    return sum;
  }

  double[] solve(double[] right) {
    DMatrixRMaj solved = new DMatrixRMaj(size, 1);
    solver.solve(DMatrixRMaj.wrap(size, 1, right.clone()), solved);
    return solved.data;
  }

  /** The inverse matrix, row by row. */
  double[] inverse() {
    DMatrixRMaj inverse = new DMatrixRMaj(size, size);
    solver.invert(inverse);
    return inverse.data;
  }

  /** Solves {@code L x = right} with the lower factor. */
  double[] forward(double[] right) {
    double[] x = right.clone();
    for (int k = 0; k < size; k++) {
      int column = k * size;
      double value = x[k] / columns[column + k];
      x[k] = value;
      for (int i = k + 1; i < size; i++) {
        x[i] -= columns[column + i] * value;
      }
    }
    return x;
  }

  /** Solves {@code L' x = right}. */
  double[] backward(double[] right) {
    double[] x = right.clone();
    for (int i = size - 1; i >= 0; i--) {
      int row = i * size;
      x[i] /= lower[row + i];
      double value = x[i];
      for (int k = 0; k < i; k++) {
        x[k] -= lower[row + k] * value;
      }
    }
    return x;
  }
}
