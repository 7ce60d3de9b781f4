/**
 * SageMaker's Search: resources of one kind that an expression over their properties finds, sorted and paged.
 */
package dev.atelier.search;
