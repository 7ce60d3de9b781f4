/**
 * S3, on the wire's terms: names, codes and wording of AWS over the object store. Buckets belong to accounts; who may do
 * what was decided before these methods run. Keeps its state in the object store alone.
 */
package dev.atelier.s3;
