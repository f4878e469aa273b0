/** Paired data: files of a session besides its series, stored unchanged. */
@NullMarked
package org.datman.export.resource;

import org.jspecify.annotations.NullMarked;
