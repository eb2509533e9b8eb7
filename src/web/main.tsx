import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query.ts';
import { startOffline } from './offline.ts';
import { router } from './routes.tsx';
import { trustOwnStyles } from './ui/style-nonce.ts';
import './ui/theme.css';
import { apply, ThemeProvider } from './ui/theme.tsx';

trustOwnStyles();
apply();
startOffline();

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <ThemeProvider>
        <RouterProvider router={router} />
      </ThemeProvider>
    </QueryClientProvider>
  </StrictMode>,
);
