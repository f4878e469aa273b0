/** The visit plan of a study: which sessions should exist by when, and which of them have not arrived. */
@NullMarked
package org.datman.qc.visit;

import org.jspecify.annotations.NullMarked;
