/** What is published about a request: issues, whether the current export may be replaced, the event of each outcome. Pure. */
@NullMarked
package org.datman.export.outcome;

import org.jspecify.annotations.NullMarked;
