/** Studio's kernels: each in the app of the image and instance type that its notebook asks for. */
package dev.atelier.studio.kernels;
