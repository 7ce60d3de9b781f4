/**
 * Processing jobs: programs over files of S3, with their inputs staged before and their outputs stored after them or while
 * they run. One row a job; its state says what is to be done next.
 */
package dev.atelier.processing;
