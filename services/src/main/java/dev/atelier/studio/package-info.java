/** Studio: domains with their user profiles and spaces, and the images, configurations and apps that notebooks use. */
package dev.atelier.studio;
