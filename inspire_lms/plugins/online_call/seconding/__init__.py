"""What one person proposes about an application, and another confirms or sends back; nothing holds before."""
