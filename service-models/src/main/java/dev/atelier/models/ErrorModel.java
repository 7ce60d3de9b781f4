package dev.atelier.models;

/**
 * A modelled error.
 *
 * @param shape the structure that describes its members
 * @param code the code on the wire, which Query services spell differently from the shape
 * @param status its HTTP status; 400 or 500 when the model leaves it open
 */
public record ErrorModel(StructureShape shape, String code, int status) {}
