package dev.atelier.usage;

import java.math.BigDecimal;

/**
 * What may be spent in a calendar month, in {@link Prices#currency}.
 *
 * @param of a domain when its owner is empty, else a profile or principal
 */
public record Budget(Payer of, BigDecimal monthly) {}
