/** The words every module shares: ARNs, accounts, regions, callers, faults. No I/O. */
package dev.atelier.kernel;
