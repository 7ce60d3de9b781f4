/** KMS: symmetric keys whose material never leaves the server, their aliases, policies and rotation. */
package dev.atelier.kms;
