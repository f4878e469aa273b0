/** A program beside the service that makes published images once more and compares them. */
@NullMarked
package org.datman.export.reproduce;

import org.jspecify.annotations.NullMarked;
