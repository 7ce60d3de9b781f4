/**
 * IAM policy documents and the evaluator that decides by them: pure, no I/O. Source of the rules: "Policy evaluation
 * logic" and "IAM JSON policy elements" of the IAM user guide.
 */
package dev.atelier.identity.policy;
