/** Tools in containers: which image, the command line of the container, and what its failures mean. */
@NullMarked
package org.datman.pipeline.container;

import org.jspecify.annotations.NullMarked;
