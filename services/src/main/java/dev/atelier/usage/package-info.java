/** What runs costs: a ledger of who used which machine for how long, prices, and budgets that hold. */
package dev.atelier.usage;
