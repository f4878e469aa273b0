/** The expression language of the BIDS schema: parsed once, evaluated for many files. */
@NullMarked
package org.datman.bids.expression;

import org.jspecify.annotations.NullMarked;
