package org.datman.bids.expression;

/** An operation that has no result, as a property of null: the whole expression is null then. Never leaves this package. */
final class EvaluationException extends RuntimeException {

    EvaluationException(String message) {
        super(message, null, false, false);
    }
}
