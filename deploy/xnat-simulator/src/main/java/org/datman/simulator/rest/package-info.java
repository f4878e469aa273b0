/** XNAT's REST paths: lists, items, resources, files, import. */
@NullMarked
package org.datman.simulator.rest;

import org.jspecify.annotations.NullMarked;
