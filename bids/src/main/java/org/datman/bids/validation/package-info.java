/** The rules applied to the files of a dataset. */
@NullMarked
package org.datman.bids.validation;

import org.jspecify.annotations.NullMarked;
