/** How a feature offers its operations to the wire: each registers a method for a modelled operation. */
package dev.atelier.operation;
