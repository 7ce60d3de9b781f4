/**
 * SageMaker's Search: resources of one kind that an expression over their properties finds, sorted and paged, and
 * the names that such an expression may use.
 */
package dev.atelier.search;
