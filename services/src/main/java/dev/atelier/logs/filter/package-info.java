/** The filter-pattern language of CloudWatch Logs. */
package dev.atelier.logs.filter;
