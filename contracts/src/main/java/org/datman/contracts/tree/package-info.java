/** Reading files of keys and values, YAML or JSON: every value has its place, so that every fault can be reported with line and column. */
@NullMarked
package org.datman.contracts.tree;

import org.jspecify.annotations.NullMarked;
