"""What one takes home: links that restore everything, programs that answer the same, files."""
