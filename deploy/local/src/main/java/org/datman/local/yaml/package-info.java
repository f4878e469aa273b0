/** JSON values as YAML text for people. */
@NullMarked
package org.datman.local.yaml;

import org.jspecify.annotations.NullMarked;
