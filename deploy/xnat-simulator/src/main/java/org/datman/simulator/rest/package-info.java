/** XNAT's REST paths: lists, items, resources, files, import. */
package org.datman.simulator.rest;
