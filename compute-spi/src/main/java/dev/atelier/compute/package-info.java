/** What every compute backend promises, in words of containers: no SageMaker term appears here. */
package dev.atelier.compute;
