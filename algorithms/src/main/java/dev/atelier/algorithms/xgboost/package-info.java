/** The XGBoost algorithm: training, and the server that answers with its models. */
package dev.atelier.algorithms.xgboost;
