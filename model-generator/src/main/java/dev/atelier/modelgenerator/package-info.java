/** Turns the pinned AWS service models into Java records and an indexed resource, at build time only. */
package dev.atelier.modelgenerator;
