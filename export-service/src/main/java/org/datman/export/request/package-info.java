/** What is asked for: a tagging, the series that form its image, and the identity of the result. */
@NullMarked
package org.datman.export.request;

import org.jspecify.annotations.NullMarked;
