/**
 * The service sagemaker-metrics: values over time and steps that programs put under the name of a trial component, and
 * statistics of them.
 */
package dev.atelier.trialmetrics;
