/** The study configuration as every service sees it: one folder, read again when it changes. */
@NullMarked
package org.datman.platform.study;

import org.jspecify.annotations.NullMarked;
