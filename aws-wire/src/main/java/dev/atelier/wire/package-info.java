/**
 * AWS's wire: requests decoded into documents and documents encoded into answers by the protocol of the service model,
 * and signatures verified. It knows models, not services: nothing here names an operation except for the two quirks of
 * S3's XML that no model states.
 */
package dev.atelier.wire;
