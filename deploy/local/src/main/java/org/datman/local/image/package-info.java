/** Container images of the services and of the commands: what is in them, how they are written, and their bills of materials. */
@NullMarked
package org.datman.local.image;

import org.jspecify.annotations.NullMarked;
