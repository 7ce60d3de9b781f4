package dev.atelier.models;

/** An XML namespace; {@code prefix} is empty for the default one. */
public record XmlNamespace(String prefix, String uri) {}
