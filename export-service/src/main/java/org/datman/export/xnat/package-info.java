/** The XNAT server that this service reads. */
@NullMarked
package org.datman.export.xnat;

import org.jspecify.annotations.NullMarked;
