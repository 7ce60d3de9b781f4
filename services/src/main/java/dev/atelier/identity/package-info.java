/**
 * Accounts, IAM users, roles and policies, STS sessions, and the one place where a request is authorised. Owns the
 * tables {@code iam_*}. Secrets are sealed with the master key before they reach the database.
 */
package dev.atelier.identity;
